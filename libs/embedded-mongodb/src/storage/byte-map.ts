/**
 * A key with one character a byte: comparing such strings orders them as their bytes and is fast, and hundreds of thousands
 * of them are far less work for the garbage collector than as many buffers.
 */
export type Key = string;

/** The key with these bytes. */
export const keyOf = (bytes: Buffer): Key => bytes.toString('latin1');

/** The bytes of a key. */
export const bytesOf = (key: Key): Buffer => Buffer.from(key, 'latin1');

/** A range of keys: from `start` on, `end` not included. In reverse `start` is the highest key. */
export interface KeySpan {
  readonly start: Key;
  readonly end: Key;
  readonly reverse?: boolean;
}

export interface Entry {
  readonly key: Key;
  readonly value: Buffer;
}

/** An ordered map of keys to bytes. What it gives out must not be changed. */
export interface ByteMap {
  get(key: Key): Buffer | undefined;
  keys(span: KeySpan): Iterable<Key>;
  entries(span: KeySpan): Iterable<Entry>;
  count(span: KeySpan): number;
  /** Within an operation of `Environment.write` only, as `remove`. The value is kept, not copied. */
  put(key: Key, value: Buffer): void;
  remove(key: Key): void;
}
