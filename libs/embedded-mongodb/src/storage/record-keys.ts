/** Bytes of an id of a collection or an index in front of its keys. */
const ID_BYTES = 4;
/** Bytes of a record id: 48 bits are enough for 100,000 records a second for 89 years. */
const RECORD_ID_BYTES = 6;

/** A byte that LMDB may keep as the value of an entry that only needs its key. */
export const NO_VALUE = Buffer.from([0]);

/** The prefix of all keys of a collection or an index. */
export function idPrefix(id: number): Buffer {
  const bytes = Buffer.allocUnsafe(ID_BYTES);
  bytes.writeUInt32BE(id, 0);
  return bytes;
}

/** The key of a document. */
export function recordKey(collectionId: number, recordId: number): Buffer {
  const bytes = Buffer.allocUnsafe(ID_BYTES + RECORD_ID_BYTES);
  bytes.writeUInt32BE(collectionId, 0);
  bytes.writeUIntBE(recordId, ID_BYTES, RECORD_ID_BYTES);
  return bytes;
}

/** The key of an index entry. */
export function entryKey(indexId: number, encoded: Buffer, recordId: number): Buffer {
  const bytes = Buffer.allocUnsafe(ID_BYTES + encoded.length + RECORD_ID_BYTES);
  bytes.writeUInt32BE(indexId, 0);
  encoded.copy(bytes, ID_BYTES);
  bytes.writeUIntBE(recordId, ID_BYTES + encoded.length, RECORD_ID_BYTES);
  return bytes;
}

/** An encoded value, or the end of a range of them, as a key of an index without a record id. */
export function entryBound(indexId: number, encoded: Buffer | undefined): Buffer {
  return encoded === undefined ? idPrefix(indexId + 1) : Buffer.concat([idPrefix(indexId), encoded]);
}

/** The record id at the end of a key of either kind. */
export function recordIdOf(key: Uint8Array): number {
  const bytes = Buffer.isBuffer(key) ? key : Buffer.from(key.buffer, key.byteOffset, key.byteLength);
  return bytes.readUIntBE(bytes.length - RECORD_ID_BYTES, RECORD_ID_BYTES);
}

/** The encoded values in an entry's key, from an offset on. */
export function encodedPart(key: Uint8Array, offset: number): Uint8Array {
  return key.subarray(ID_BYTES + offset, key.length - RECORD_ID_BYTES);
}
