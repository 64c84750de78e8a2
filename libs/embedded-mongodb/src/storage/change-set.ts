import { type Key, type KeySpan } from './byte-map';
import { ID_LENGTH } from './record-keys';

/** What became of a key: a value, or none when it was removed. */
export interface Change {
  readonly key: Key;
  readonly value: Buffer | undefined;
}

/** Bytes that a change takes besides its key and value, about. */
const OVERHEAD_BYTES = 100;

/** Changes of one map, the last change of each key. */
export class ChangeSet {
  private readonly parts = new Map<string, SortedChanges>();
  private weight = 0;

  get isEmpty(): boolean {
    return this.parts.size === 0;
  }

  /** The memory that it takes, about and at most: of a key that was changed several times each change counts. */
  get bytes(): number {
    return this.weight;
  }

  get(key: Key): Change | undefined {
    return this.parts.get(prefixOf(key))?.get(key);
  }

  set(change: Change): void {
    this.partOf(prefixOf(change.key)).add(change);
    this.weight += change.key.length + (change.value?.length ?? 0) + OVERHEAD_BYTES;
  }

  /** Takes in all changes of another set, which are newer. */
  take(newer: ChangeSet): void {
    for (const [prefix, part] of newer.parts) this.partOf(prefix).addAll(part);
    this.weight += newer.weight;
  }

  /** The changes of a range, in its order. The set must not be changed meanwhile. */
  *between(span: KeySpan): Generator<Change, void, undefined> {
    for (const prefix of this.prefixesBetween(span)) yield* this.parts.get(prefix)?.between(span) ?? [];
  }

  /** All changes in any order; a key may come several times, with its last change last. */
  *unordered(): Generator<Change, void, undefined> {
    for (const part of this.parts.values()) yield* part.unordered();
  }

  /** All changes in the order of their keys. */
  *all(): Generator<Change, void, undefined> {
    for (const prefix of [...this.parts.keys()].sort()) yield* this.parts.get(prefix)?.all() ?? [];
  }

  private partOf(prefix: string): SortedChanges {
    const known = this.parts.get(prefix);
    if (known !== undefined) return known;
    const part = new SortedChanges();
    this.parts.set(prefix, part);
    return part;
  }

  private prefixesBetween({ start, end, reverse = false }: KeySpan): readonly string[] {
    const [first, last] = [prefixOf(start), prefixOf(end)];
    if (first === last) return [first];
    // Most ranges end where the next id begins; what that one has is not to be put in order for them.
    const isWithin = (prefix: string): boolean =>
      reverse ? prefix >= last && prefix <= first : prefix >= first && prefix < end;
    const within = [...this.parts.keys()].filter(isWithin).sort();
    return reverse ? within.reverse() : within;
  }
}

/** The id of a collection or an index, in most maps. */
const prefixOf = (key: Key): string => key.slice(0, ID_LENGTH);

interface Chunk {
  readonly keys: Key[];
  readonly changes: Change[];
}

/** Most keys of a chunk; inserting moves half as many on average, which is quicker than a deeper structure. */
const CHUNK_LIMIT = 64;

/** Fewer new changes than this are put in their places one by one. */
const FEW = 32;

/** So are more of them, unless there is one for so many older ones, all of which are put in order again together with them. */
const FEW_AMONG = 8;

/**
 * Changes by the order of their keys. They are put in order when that is asked for: most entries of indexes are written and
 * moved on without being read before.
 */
class SortedChanges {
  private chunks: Chunk[] = [];
  /** Changes newer than those in the chunks, as they were made. */
  private unsorted: Change[] = [];
  /** Changes in the chunks. */
  private sorted = 0;

  add(change: Change): void {
    this.unsorted.push(change);
  }

  addAll(newer: SortedChanges): void {
    for (const change of newer.unordered()) this.unsorted.push(change);
  }

  get(key: Key): Change | undefined {
    this.sort();
    const chunk = this.chunks[this.chunkFor(key)];
    if (chunk === undefined) return undefined;
    const at = lowerBound(chunk.keys, key);
    return chunk.keys[at] === key ? chunk.changes[at] : undefined;
  }

  *between({ start, end, reverse = false }: KeySpan): Generator<Change, void, undefined> {
    this.sort();
    const step = reverse ? -1 : 1;
    for (let index = this.chunkFor(start); index >= 0 && index < this.chunks.length; index += step) {
      const { keys, changes } = this.chunks[index] as Chunk;
      for (let at = reverse ? upperBound(keys, start) - 1 : lowerBound(keys, start); ; at += step) {
        const key = keys[at];
        const change = changes[at];
        if (key === undefined || change === undefined) break;
        if (reverse ? key <= end : key >= end) return;
        yield change;
      }
    }
  }

  *unordered(): Generator<Change, void, undefined> {
    for (const { changes } of this.chunks) yield* changes;
    yield* this.unsorted;
  }

  *all(): Generator<Change, void, undefined> {
    this.sort();
    yield* this.unordered();
  }

  private sort(): void {
    if (this.unsorted.length === 0) return;
    if (this.unsorted.length > Math.max(FEW, this.sorted / FEW_AMONG)) {
      this.chunks = chunksOf([...this.unordered()].sort(byKey));
      this.sorted = this.chunks.reduce((count, { keys }) => count + keys.length, 0);
    } else {
      for (const change of this.unsorted) this.insert(change);
    }
    this.unsorted = [];
  }

  private insert(change: Change): void {
    const { key } = change;
    if (this.chunks.length === 0) this.chunks.push({ keys: [], changes: [] });
    const index = this.chunkFor(key);
    const chunk = this.chunks[index] as Chunk;
    const at = lowerBound(chunk.keys, key);
    if (chunk.keys[at] === key) {
      chunk.changes[at] = change;
      return;
    }
    chunk.keys.splice(at, 0, key);
    chunk.changes.splice(at, 0, change);
    this.sorted++;
    if (chunk.keys.length > CHUNK_LIMIT) this.split(index, chunk);
  }

  /** The chunk that holds the key if any does: the last one whose first key is not higher. */
  private chunkFor(key: Key): number {
    let [low, high] = [0, this.chunks.length];
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((this.chunks[middle]?.keys[0] ?? '') <= key) low = middle;
      else high = middle;
    }
    return low;
  }

  private split(index: number, { keys, changes }: Chunk): void {
    const half = keys.length >>> 1;
    this.chunks.splice(index + 1, 0, { keys: keys.splice(half), changes: changes.splice(half) });
  }
}

const byKey = (one: Change, other: Change): number => (one.key < other.key ? -1 : Number(one.key > other.key));

/** @param sorted by key; of changes of the same key the last counts */
function chunksOf(sorted: readonly Change[]): Chunk[] {
  const last = sorted.filter(({ key }, index) => sorted[index + 1]?.key !== key);
  const chunks: Chunk[] = [];
  for (let start = 0; start < last.length; start += CHUNK_LIMIT / 2) {
    const changes = last.slice(start, start + CHUNK_LIMIT / 2);
    chunks.push({ keys: changes.map(({ key }) => key), changes });
  }
  return chunks;
}

/** The first place whose key is not lower. */
function lowerBound(keys: readonly Key[], key: Key): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first place whose key is higher. */
function upperBound(keys: readonly Key[], key: Key): number {
  const at = lowerBound(keys, key);
  return keys[at] === key ? at + 1 : at;
}
