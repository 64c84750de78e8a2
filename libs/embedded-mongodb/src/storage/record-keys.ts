import { type Key, keyOf, type KeySpan } from './byte-map';

/** Characters of a record id: 48 bits are enough for 100,000 records a second for 89 years. */
const RECORD_ID_LENGTH = 6;
/** No record gets it. */
const MAX_RECORD_ID = 2 ** (8 * RECORD_ID_LENGTH) - 1;
/** Characters of an id of a collection or an index in front of its keys. */
export const ID_LENGTH = 4;

/** A byte that LMDB may keep as the value of an entry that only needs its key. */
export const NO_VALUE = Buffer.from([0]);

/** The prefix of all keys of a collection or an index. */
export function idPrefix(id: number): Key {
  return String.fromCharCode(id >>> 24, (id >>> 16) & 0xff, (id >>> 8) & 0xff, id & 0xff);
}

/** The id in a prefix. */
export function idOf(prefix: Key): number {
  return wholeNumber(prefix, 0, ID_LENGTH);
}

/** The key of a document. */
export function recordKey(collectionId: number, recordId: number): Key {
  return idPrefix(collectionId) + recordSuffix(recordId);
}

/** The key of an index entry. */
export function entryKey(indexId: number, encoded: Key, recordId: number): Key {
  return idPrefix(indexId) + encoded + recordSuffix(recordId);
}

/** An encoded value, or the end of a range of them, as a key of an index without a record id. */
export function entryBound(indexId: number, encoded: Buffer | undefined): Key {
  return encoded === undefined ? idPrefix(indexId + 1) : idPrefix(indexId) + keyOf(encoded);
}

/** The entries of one key, whatever their record ids. */
export function entriesOf(indexId: number, encoded: Key): KeySpan {
  return { start: entryKey(indexId, encoded, 0), end: entryKey(indexId, encoded, MAX_RECORD_ID) };
}

/** The record id at the end of a key of either kind. */
export function recordIdOf(key: Key): number {
  return wholeNumber(key, key.length - RECORD_ID_LENGTH, key.length);
}

/** The encoded values in an entry's key, from an offset on. */
export function encodedPart(key: Key, offset: number): Key {
  return key.slice(ID_LENGTH + offset, key.length - RECORD_ID_LENGTH);
}

function recordSuffix(recordId: number): Key {
  const high = Math.floor(recordId / 2 ** 32);
  return String.fromCharCode(high >>> 8, high & 0xff) + idPrefix(recordId >>> 0);
}

function wholeNumber(text: Key, start: number, end: number): number {
  let number = 0;
  for (let at = start; at < end; at++) number = number * 256 + text.charCodeAt(at);
  return number;
}
