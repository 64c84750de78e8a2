/** Bytes of the largest document that MongoDB stores (16 MiB). */
export const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;
/** Bytes of the largest message of the protocol. */
export const MAX_MESSAGE_BYTES = 48_000_000;

/** What a document may have. */
export interface BsonLimits {
  /** Levels of documents below the outermost one. */
  readonly nesting: number;
  /** Fields and elements at all levels together. */
  readonly fields: number;
  /** Milliseconds between a date and the beginning of 1970. */
  readonly dates: number;
}

/**
 * Of what is stored: as many levels as MongoDB has, as many fields as are decoded in some hundred milliseconds, and dates that
 * JavaScript can hold.
 */
export const STORED: BsonLimits = { nesting: 180, fields: 100_000, dates: 8.64e15 };

const NAME_END = 0;
const DOCUMENT = 0x03;
const ARRAY = 0x04;
const DATE = 0x09;
const CODE_WITH_SCOPE = 0x0f;

/** Bytes of the types with a fixed size. */
const FIXED_SIZE = new Map([
  [0x01, 8],
  [0x06, 0],
  [0x07, 12],
  [0x08, 1],
  [0x09, 8],
  [0x0a, 0],
  [0x10, 4],
  [0x11, 8],
  [0x12, 8],
  [0x13, 16],
  [0x7f, 0],
  [0xff, 0],
]);

/** BSON that is cut off, has wrong lengths or unknown types, or is beyond limits. */
export class InvalidBson extends Error {
  override readonly name = 'InvalidBson';
}

/**
 * Checks the frame of a document: lengths, types and limits, without recursion, so that nothing a client sends can
 * exhaust the stack or make the decoder read past its end.
 *
 * @param bytes one document
 * @throws InvalidBson
 */
export function validateBson(bytes: Buffer, limits: BsonLimits): void {
  const ends = [documentEnd(bytes, 0, bytes.length)];
  if (ends[0] !== bytes.length) throw new InvalidBson('the length of a document differs from its bytes');
  let offset = 4;
  let fields = 0;
  while (ends.length > 0) {
    const end = ends[ends.length - 1] ?? 0;
    const type = bytes[offset];
    if (type === undefined) throw new InvalidBson('a document is cut off');
    if (type === 0) {
      if (offset !== end - 1) throw new InvalidBson('a document ends before its length');
      offset = end;
      ends.pop();
      continue;
    }
    if (++fields > limits.fields)
      throw new InvalidBson(`a document has more than ${limits.fields} fields and elements`);
    const value = nameEnd(bytes, offset + 1, end);
    if (type === DOCUMENT || type === ARRAY) {
      if (ends.length > limits.nesting)
        throw new InvalidBson(`documents are nested more than ${limits.nesting} levels deep`);
      ends.push(documentEnd(bytes, value, end - 1));
      offset = value + 4;
    } else {
      offset = valueEnd(bytes, type, value, end);
      if (type === DATE) requireDate(bytes, value, limits.dates);
    }
  }
}

function requireDate(bytes: Buffer, start: number, limit: number): void {
  const milliseconds = bytes.readInt32LE(start + 4) * 2 ** 32 + bytes.readUInt32LE(start);
  if (Math.abs(milliseconds) > limit) throw new InvalidBson('a date is beyond the years -271821 to 275760');
}

function documentEnd(bytes: Buffer, start: number, limit: number): number {
  if (start + 5 > limit) throw new InvalidBson('a document is cut off');
  const length = bytes.readInt32LE(start);
  if (length < 5 || start + length > limit) throw new InvalidBson('a document is longer than what holds it');
  return start + length;
}

function nameEnd(bytes: Buffer, start: number, limit: number): number {
  const end = bytes.indexOf(NAME_END, start);
  if (end < 0 || end >= limit) throw new InvalidBson('a field name does not end');
  return end + 1;
}

function valueEnd(bytes: Buffer, type: number, start: number, end: number): number {
  const next = start + valueSize(bytes, type, start, end);
  if (next >= end) throw new InvalidBson('a value is longer than its document');
  return next;
}

function valueSize(bytes: Buffer, type: number, start: number, end: number): number {
  const fixed = FIXED_SIZE.get(type);
  if (fixed !== undefined) return fixed;
  switch (type) {
    case 0x02:
    case 0x0d:
    case 0x0e:
      return 4 + stringLength(bytes, start, end);
    case 0x05:
      return 5 + lengthAt(bytes, start, end, 0);
    case 0x0b:
      return nameEnd(bytes, nameEnd(bytes, start, end), end) - start;
    case 0x0c:
      return 4 + stringLength(bytes, start, end) + 12;
    case CODE_WITH_SCOPE:
      throw new InvalidBson('JavaScript code with scope is not supported');
    default:
      throw new InvalidBson(`unknown BSON type ${type}`);
  }
}

function stringLength(bytes: Buffer, start: number, end: number): number {
  const length = lengthAt(bytes, start, end, 1);
  if (start + 4 + length >= end || bytes[start + 3 + length] !== 0) throw new InvalidBson('a string does not end');
  return length;
}

function lengthAt(bytes: Buffer, start: number, end: number, minimum: number): number {
  if (start + 4 > end) throw new InvalidBson('a length is cut off');
  const length = bytes.readInt32LE(start);
  if (length < minimum) throw new InvalidBson('a length is negative');
  return length;
}
