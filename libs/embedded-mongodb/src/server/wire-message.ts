import { type Document } from 'bson';
import { readCommand, type TypedDocument, writeDocument } from '../bson/document';
import { RawDocument } from '../bson/raw-document';
import { type BsonLimits, validateBson } from '../bson/validate';
import { MAX_WRITE_BATCH } from '../commands/insert';

export const HEADER_BYTES = 16;

const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;

const CHECKSUM_PRESENT = 1;
const MORE_TO_COME = 2;
/** Flags up to this bit have to be understood by the reader. */
const REQUIRED_FLAGS = 0xffff;
const CHECKSUM_BYTES = 4;

/**
 * More than documents may have, so that a client that goes beyond gets an answer and not a closed connection, and few enough
 * levels for the decoder's recursion.
 */
const IN_MESSAGES: BsonLimits = { nesting: 1000, fields: Infinity, dates: Infinity };

/** A message that is not MongoDB's protocol; the connection it came over cannot go on. */
export class MalformedMessage extends Error {
  override readonly name = 'MalformedMessage';
}

/** A request in either of the two forms that drivers send. */
export interface Request {
  readonly requestId: number;
  readonly form: typeof OP_MSG | typeof OP_QUERY;
  readonly database: string;
  readonly body: TypedDocument;
  readonly sequences: ReadonlyMap<string, readonly Buffer[]>;
  /** False when the client waits for no answer. */
  readonly wantsReply: boolean;
}

/** Reads a message. @throws MalformedMessage, InvalidBson */
export function readRequest(message: Buffer): Request {
  const requestId = message.readInt32LE(4);
  const code = message.readInt32LE(12);
  if (code === OP_MSG) return readMessage(message, requestId);
  if (code === OP_QUERY) return readQuery(message, requestId);
  throw new MalformedMessage(`the operation ${code} is not supported`);
}

function readMessage(message: Buffer, requestId: number): Request {
  if (message.length < HEADER_BYTES + 5) throw new MalformedMessage('a message is cut off');
  const flags = message.readUInt32LE(HEADER_BYTES);
  const unknown = flags & REQUIRED_FLAGS & ~(CHECKSUM_PRESENT | MORE_TO_COME);
  if (unknown !== 0) throw new MalformedMessage(`the flags ${unknown} are not known`);
  const end = message.length - ((flags & CHECKSUM_PRESENT) !== 0 ? CHECKSUM_BYTES : 0);
  let body: TypedDocument | undefined;
  const sequences = new Map<string, readonly Buffer[]>();
  let offset = HEADER_BYTES + 4;
  while (offset < end) {
    const kind = message[offset++];
    if (kind === 0 && body === undefined) {
      const bytes = documentAt(message, offset, end);
      body = readCommand(bytes);
      offset += bytes.length;
    } else if (kind === 1) {
      offset = readSequence(message, offset, end, sequences);
    } else {
      throw new MalformedMessage('a message has a section that is not known');
    }
  }
  const database = body?.['$db'];
  if (body === undefined || typeof database !== 'string')
    throw new MalformedMessage('a message names no command or database');
  return { requestId, form: OP_MSG, database, body, sequences, wantsReply: (flags & MORE_TO_COME) === 0 };
}

function documentAt(message: Buffer, offset: number, end: number): Buffer {
  if (offset + 5 > end) throw new MalformedMessage('a document is cut off');
  const length = message.readInt32LE(offset);
  if (length < 5 || offset + length > end) throw new MalformedMessage('a document is longer than its message');
  const bytes = message.subarray(offset, offset + length);
  validateBson(bytes, IN_MESSAGES);
  return bytes;
}

/** Of more documents than a command may have, one more is read, so that the command can say so. @returns the offset behind the section */
function readSequence(message: Buffer, start: number, end: number, sequences: Map<string, readonly Buffer[]>): number {
  if (start + 4 > end) throw new MalformedMessage('a section is cut off');
  const sectionEnd = start + message.readInt32LE(start);
  const nameEnd = message.indexOf(0, start + 4);
  if (sectionEnd > end || nameEnd < 0 || nameEnd >= sectionEnd) throw new MalformedMessage('a section is cut off');
  const documents: Buffer[] = [];
  for (let offset = nameEnd + 1; offset < sectionEnd && documents.length <= MAX_WRITE_BATCH;) {
    const bytes = documentAt(message, offset, sectionEnd);
    documents.push(bytes);
    offset += bytes.length;
  }
  sequences.set(message.toString('utf8', start + 4, nameEnd), documents);
  return sectionEnd;
}

/** The old form, which drivers use for their first hello. */
function readQuery(message: Buffer, requestId: number): Request {
  const nameEnd = message.indexOf(0, HEADER_BYTES + 4);
  if (nameEnd < 0) throw new MalformedMessage('a query is cut off');
  const name = message.toString('utf8', HEADER_BYTES + 4, nameEnd);
  if (!name.endsWith('.$cmd')) throw new MalformedMessage('only commands are supported as OP_QUERY');
  const body = readCommand(documentAt(message, nameEnd + 9, message.length));
  return {
    requestId,
    form: OP_QUERY,
    database: name.slice(0, -'.$cmd'.length),
    body,
    sequences: new Map(),
    wantsReply: true,
  };
}

/** The answer to a request, in the request's form. */
export function writeReply(request: Request, reply: Document | RawDocument, responseId: number): Buffer {
  const document = reply instanceof RawDocument ? reply.bytes() : writeDocument(reply);
  return request.form === OP_MSG
    ? frame(OP_MSG, request.requestId, responseId, Buffer.alloc(5), document)
    : frame(OP_REPLY, request.requestId, responseId, queryReplyFields(), document);
}

/** Flags (await capable), cursor id, starting position, one document. */
function queryReplyFields(): Buffer {
  const fields = Buffer.alloc(20);
  fields.writeInt32LE(8, 0);
  fields.writeInt32LE(1, 16);
  return fields;
}

function frame(code: number, requestId: number, responseId: number, fields: Buffer, document: Buffer): Buffer {
  const header = Buffer.allocUnsafe(HEADER_BYTES);
  header.writeInt32LE(HEADER_BYTES + fields.length + document.length, 0);
  header.writeInt32LE(responseId, 4);
  header.writeInt32LE(requestId, 8);
  header.writeInt32LE(code, 12);
  return Buffer.concat([header, fields, document]);
}
