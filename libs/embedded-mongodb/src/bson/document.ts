import { type Binary, type DBRef, deserialize, type Document, serialize } from 'bson';

/**
 * A document whose values keep their BSON kinds: numbers are Int32, Double, Long or Decimal128 objects, regular
 * expressions are BSONRegExp objects. What is read this way is written back byte for byte.
 */
export type TypedDocument = Record<string, unknown>;

/** Reads BSON without turning numbers into JavaScript numbers, so that a Double 5.0 stays a Double. */
export function readTyped(bytes: Uint8Array): TypedDocument {
  return deserialize(bytes, { promoteValues: false, promoteLongs: false, bsonRegExp: true });
}

/** Reads a command: as `readTyped`, with the documents of an `insert` left as bytes. */
export function readCommand(bytes: Uint8Array): TypedDocument {
  return deserialize(bytes, {
    promoteValues: false,
    promoteLongs: false,
    bsonRegExp: true,
    fieldsAsRaw: { documents: true },
  });
}

/** Reads BSON into plain JavaScript numbers and strings, the form that aggregation expressions compute with. */
export function readPromoted(bytes: Uint8Array): Document {
  return deserialize(bytes, { promoteLongs: true, promoteBuffers: false });
}

/** Writes a document of typed or plain values. */
export function writeDocument(document: Document): Buffer {
  return Buffer.from(serialize(document, { ignoreUndefined: false }));
}

/** The plain form of a typed document. */
export function promote(document: TypedDocument): Document {
  return readPromoted(writeDocument(document));
}

/** The plain form of any typed value. */
export function promoteValue(value: unknown): unknown {
  return promote({ value })['value'];
}

/** The typed form of any value. */
export function typedValue(value: unknown): unknown {
  return readTyped(writeDocument({ value }))['value'];
}

/** A copy that shares nothing with the original. */
export function copyValue<T>(value: T): T {
  return typedValue(value) as T;
}

/** The name of the BSON class of a value, or undefined for JavaScript's own types. */
export function bsonClass(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('_bsontype' in value)) return undefined;
  return typeof value._bsontype === 'string' ? value._bsontype : undefined;
}

/** True for an embedded document (not an array, a date or a BSON scalar). */
export function isDocument(value: unknown): value is TypedDocument {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  if (value instanceof Date || value instanceof RegExp || value instanceof Uint8Array) return false;
  const kind = bsonClass(value);
  return kind === undefined || kind === 'DBRef';
}

/** The fields of an embedded document; a DBRef shows its `$ref`, `$id` and `$db`. */
export function fieldsOf(value: TypedDocument): TypedDocument {
  if (bsonClass(value) !== 'DBRef') return value;
  const reference = value as unknown as DBRef;
  const fields: TypedDocument = { $ref: reference.collection, $id: reference.oid };
  if (reference.db !== undefined) fields['$db'] = reference.db;
  return Object.assign(fields, reference.fields);
}

/** The field of an embedded document, or undefined; never a property of Object.prototype. */
export function fieldOf(document: TypedDocument, name: string): unknown {
  const fields = fieldsOf(document);
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

/** Sets a field under any name, `__proto__` too. */
export function setOwn(document: TypedDocument, name: string, value: unknown): void {
  if (name === '__proto__') {
    Object.defineProperty(document, name, { value, writable: true, enumerable: true, configurable: true });
  } else {
    document[name] = value;
  }
}

/** The bytes of a Binary or a Buffer. */
export function binaryBytes(value: Binary | Uint8Array): Uint8Array {
  return value instanceof Uint8Array ? value : value.buffer.subarray(0, value.position);
}

/** A number of any BSON kind as a JavaScript number; undefined when it is not a number. */
export function asNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  switch (bsonClass(value)) {
    case 'Int32':
    case 'Double':
    case 'Long':
    case 'Decimal128':
      return Number(String(value));
    default:
      return undefined;
  }
}

/** MongoDB's truth of a command option: true, or a number other than 0. */
export function asBoolean(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  const number = asNumber(value);
  return number !== undefined && number !== 0;
}
