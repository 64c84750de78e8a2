import { ObjectId } from 'bson';
import { bsonClass, isDocument, readTyped, type TypedDocument, writeDocument } from '../bson/document';
import { type BsonLimits, InvalidBson, MAX_DOCUMENT_BYTES, STORED, validateBson } from '../bson/validate';
import { CommandError } from '../errors';

/** A statement is a few levels deeper than the document in it; what becomes of that is checked again. */
const IN_STATEMENTS: BsonLimits = { ...STORED, nesting: Infinity };

/** A document in the form in which it is stored. */
export interface PreparedDocument {
  readonly document: TypedDocument;
  readonly bytes: Buffer;
}

/**
 * A document to insert: checked, with `_id` as its first field. The bytes stay as sent where possible.
 *
 * @throws CommandError when it is too large, too deep or no BSON, has too many fields or a bad `_id`
 */
export function prepareInsert(sent: Buffer): PreparedDocument {
  checkSize(sent);
  checkFrame(sent, STORED);
  const prepared = withIdFirst(decoded(sent), sent);
  checkId(prepared.document['_id']);
  return prepared;
}

function withIdFirst(document: TypedDocument, sent: Buffer): PreparedDocument {
  const [first] = Object.keys(document);
  if (first === '_id') return { document, bytes: sent };
  const { _id: id = new ObjectId(), ...fields } = document;
  const ordered = { _id: id, ...fields };
  const bytes = written(ordered);
  checkSize(bytes);
  return { document: ordered, bytes };
}

/** A document that an update made. @throws CommandError when it is too large, too deep or has a bad `_id` */
export function prepareDocument(document: TypedDocument): PreparedDocument {
  const bytes = written(document);
  checkSize(bytes);
  checkFrame(bytes, STORED);
  checkId(document['_id']);
  return { document, bytes };
}

/** Reads a statement of a write command. @throws CommandError when it has what cannot be stored or is no BSON */
export function readStatement(bytes: Buffer): TypedDocument {
  checkFrame(bytes, IN_STATEMENTS);
  return decoded(bytes);
}

/** @throws CommandError when a text is no UTF-8 */
function decoded(bytes: Buffer): TypedDocument {
  try {
    return readTyped(bytes);
  } catch (error) {
    throw new CommandError('BadValue', `a document cannot be read: ${messageOf(error)}`);
  }
}

function written(document: TypedDocument): Buffer {
  try {
    return writeDocument(document);
  } catch (error) {
    // The encoder's buffer is a little larger than the largest document.
    if (error instanceof RangeError) throw new CommandError('BSONObjectTooLarge', tooLarge('more'));
    throw new CommandError('BadValue', `a document cannot be written: ${messageOf(error)}`);
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const tooLarge = (bytes: string): string =>
  `object to insert too large. size in bytes: ${bytes}, max size: ${MAX_DOCUMENT_BYTES}`;

function checkSize(bytes: Buffer): void {
  if (bytes.length > MAX_DOCUMENT_BYTES) throw new CommandError('BSONObjectTooLarge', tooLarge(String(bytes.length)));
}

function checkFrame(bytes: Buffer, limits: BsonLimits): void {
  try {
    validateBson(bytes, limits);
  } catch (error) {
    if (error instanceof InvalidBson) throw new CommandError('Overflow', error.message);
    throw error;
  }
}

function checkId(id: unknown): void {
  if (Array.isArray(id) || id === undefined || bsonClass(id) === 'BSONRegExp') {
    throw new CommandError('BadValue', "The '_id' value cannot be of type array, undefined or regex");
  }
  if (
    isDocument(id) &&
    Object.keys(id).some((name) => name.startsWith('$') && name !== '$ref' && name !== '$id' && name !== '$db')
  ) {
    throw new CommandError('DollarPrefixedFieldName', '_id fields may not contain $-prefixed fields');
  }
}
