/** A range of keys: from `start` on, `end` not included. In reverse `start` is the highest key. */
export interface KeySpan {
  readonly start: Buffer;
  readonly end: Buffer;
  readonly reverse?: boolean;
}

export interface Entry {
  readonly key: Buffer;
  readonly value: Buffer;
}

/** An ordered map of bytes to bytes. What it gives out must not be changed. */
export interface ByteMap {
  get(key: Buffer): Buffer | undefined;
  keys(span: KeySpan): Iterable<Buffer>;
  entries(span: KeySpan): Iterable<Entry>;
  count(span: KeySpan): number;
  /** Within an operation of `Environment.write` only, as `remove`. The value is kept, not copied. */
  put(key: Buffer, value: Buffer): void;
  remove(key: Buffer): void;
}
