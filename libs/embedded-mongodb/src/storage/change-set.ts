import { type KeySpan } from './byte-map';

/** What became of a key: a value, or none when it was removed. */
export interface Change {
  /** The key as text, see {@link textOf}. */
  readonly text: string;
  readonly value: Buffer | undefined;
}

/**
 * A key with one character a byte: comparing such strings orders them as their bytes and is fast, and hundreds of thousands
 * of them are far less work for the garbage collector than as many buffers.
 */
export const textOf = (key: Buffer): string => key.toString('latin1');

/** The key whose text it is. */
export const keyOf = (text: string): Buffer => Buffer.from(text, 'latin1');

interface Chunk {
  readonly keys: string[];
  readonly changes: Change[];
}

/** Most keys of a chunk; inserting moves half as many on average, which is quicker than a deeper structure. */
const CHUNK_LIMIT = 64;
/** Bytes that a change takes besides its key and value, about. */
const OVERHEAD_BYTES = 100;

/** Changes of one map, in the order of their keys, the last change of each key. */
export class ChangeSet {
  private chunks: Chunk[] = [];
  private total = 0;
  private weight = 0;

  get size(): number {
    return this.total;
  }

  /** The memory that it takes, about. */
  get bytes(): number {
    return this.weight;
  }

  /** @param text see {@link textOf} */
  get(text: string): Change | undefined {
    const chunk = this.chunks[this.chunkFor(text)];
    if (chunk === undefined) return undefined;
    const at = lowerBound(chunk.keys, text);
    return chunk.keys[at] === text ? chunk.changes[at] : undefined;
  }

  set(change: Change): void {
    const { text } = change;
    if (this.chunks.length === 0) this.chunks.push({ keys: [], changes: [] });
    const index = this.chunkFor(text);
    const chunk = this.chunks[index];
    if (chunk === undefined) return;
    const at = lowerBound(chunk.keys, text);
    if (chunk.keys[at] === text) {
      this.weight += (change.value?.length ?? 0) - (chunk.changes[at]?.value?.length ?? 0);
      chunk.changes[at] = change;
      return;
    }
    chunk.keys.splice(at, 0, text);
    chunk.changes.splice(at, 0, change);
    this.total++;
    this.weight += text.length + (change.value?.length ?? 0) + OVERHEAD_BYTES;
    if (chunk.keys.length > CHUNK_LIMIT) this.split(index, chunk);
  }

  /** Takes in all changes of another set, which are newer. */
  take(newer: ChangeSet): void {
    for (const change of newer.all()) this.set(change);
  }

  /** The changes of a range, in its order. The set must not be changed meanwhile. */
  *between({ start, end, reverse = false }: KeySpan): Generator<Change, void, undefined> {
    const [first, limit] = [textOf(start), textOf(end)];
    const step = reverse ? -1 : 1;
    for (let index = this.chunkFor(first); index >= 0 && index < this.chunks.length; index += step) {
      const { keys, changes } = this.chunks[index] as Chunk;
      for (let at = reverse ? upperBound(keys, first) - 1 : lowerBound(keys, first); ; at += step) {
        const text = keys[at];
        const change = changes[at];
        if (text === undefined || change === undefined) break;
        if (reverse ? text <= limit : text >= limit) return;
        yield change;
      }
    }
  }

  /** All changes, in the order of their keys. */
  *all(): Generator<Change, void, undefined> {
    for (const { changes } of this.chunks) yield* changes;
  }

  /** The chunk that holds the key if any does: the last one whose first key is not higher. */
  private chunkFor(text: string): number {
    let [low, high] = [0, this.chunks.length];
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((this.chunks[middle]?.keys[0] ?? '') <= text) low = middle;
      else high = middle;
    }
    return low;
  }

  private split(index: number, { keys, changes }: Chunk): void {
    const half = keys.length >>> 1;
    this.chunks.splice(index + 1, 0, { keys: keys.splice(half), changes: changes.splice(half) });
  }
}

/** The first place whose key is not lower. */
function lowerBound(keys: readonly string[], text: string): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] ?? '') < text) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first place whose key is higher. */
function upperBound(keys: readonly string[], text: string): number {
  const at = lowerBound(keys, text);
  return keys[at] === text ? at + 1 : at;
}
