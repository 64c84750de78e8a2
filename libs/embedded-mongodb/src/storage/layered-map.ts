import { type ByteMap, bytesOf, type Entry, type Key, keyOf, type KeySpan } from './byte-map';
import { type CheckedDatabase } from './checked-database';
import { type Change, ChangeSet } from './change-set';

/**
 * A map of LMDB with newer changes in memory above it: those of the group that is being written, which only the group itself
 * sees, those that are in the log, and those that are being moved to LMDB.
 */
export class LayeredMap implements ByteMap {
  private staged: ChangeSet | undefined;
  private logged = new ChangeSet();
  private moving: ChangeSet | undefined;

  constructor(private readonly base: CheckedDatabase) {}

  get(key: Key): Buffer | undefined {
    const change = this.staged?.get(key) ?? this.logged.get(key) ?? this.moving?.get(key);
    return change === undefined ? this.base.get(bytesOf(key)) : change.value;
  }

  *keys(span: KeySpan): Generator<Key, void, undefined> {
    for (const { key } of merged([...this.changes(span), keysIn(this.base, span)], span)) yield key;
  }

  *entries(span: KeySpan): Generator<Entry, void, undefined> {
    for (const { key, value } of merged([...this.changes(span), entriesIn(this.base, span)], span)) {
      if (value !== undefined) yield { key, value };
    }
  }

  count(span: KeySpan): number {
    let count = this.base.count(bytesOfSpan(span));
    for (const { key, value } of merged(this.changes(span), span, 'with removed')) {
      count += Number(value !== undefined) - Number(this.base.doesExist(bytesOf(key)));
    }
    return count;
  }

  put(key: Key, value: Buffer): void {
    this.stage({ key, value });
  }

  remove(key: Key): void {
    this.stage({ key, value: undefined });
  }

  /** Opens a layer that writes go to and that is seen until {@link end}. */
  begin(staged: ChangeSet): void {
    this.staged = staged;
  }

  /** Closes the layer that writes go to. */
  end(): void {
    this.staged = undefined;
  }

  /** Shows everybody what was written. */
  accept(written: ChangeSet): void {
    this.logged.take(written);
  }

  get loggedBytes(): number {
    return this.logged.bytes;
  }

  /** Begins to move what is in the log to LMDB. */
  beginMove(): ChangeSet {
    this.moving = this.logged;
    this.logged = new ChangeSet();
    return this.moving;
  }

  /** LMDB has it all. */
  endMove(): void {
    this.moving = undefined;
  }

  private stage(change: Change): void {
    if (this.staged === undefined) throw new Error('writing outside of a group');
    this.staged.set(change);
  }

  /** The changes of a range, newest layer first. */
  private changes(span: KeySpan): Generator<Change, void, undefined>[] {
    const layers = [this.staged, this.logged, this.moving];
    return layers.flatMap((layer) => (layer === undefined || layer.isEmpty ? [] : [layer.between(span)]));
  }
}

const bytesOfSpan = ({ start, end, reverse = false }: KeySpan) => ({
  start: bytesOf(start),
  end: bytesOf(end),
  reverse,
});

function* keysIn(base: CheckedDatabase, span: KeySpan): Generator<Change, void, undefined> {
  for (const key of base.keys(bytesOfSpan(span))) yield { key: keyOf(key), value: NO_BYTES };
}

function* entriesIn(base: CheckedDatabase, span: KeySpan): Generator<Change, void, undefined> {
  for (const { key, value } of base.entries(bytesOfSpan(span))) yield { key: keyOf(key), value };
}

const NO_BYTES = Buffer.alloc(0);

/** Merges sources in the order of their keys; of a key that several have, that of the first source counts. */
function* merged(
  sources: readonly Iterable<Change>[],
  { reverse = false }: KeySpan,
  removed: 'without removed' | 'with removed' = 'without removed',
): Generator<Change, void, undefined> {
  const iterators = sources.map((source) => source[Symbol.iterator]());
  const next = (iterator: Iterator<Change> | undefined): Change | undefined => {
    const result = iterator?.next();
    return result === undefined || result.done === true ? undefined : result.value;
  };
  const heads = iterators.map(next);
  const isBefore = (one: Change, other: Change): boolean => (reverse ? one.key > other.key : one.key < other.key);
  try {
    for (;;) {
      let first: Change | undefined;
      for (const head of heads) {
        if (head === undefined) continue;
        if (first === undefined || isBefore(head, first)) first = head;
      }
      if (first === undefined) return;
      if (removed === 'with removed' || first.value !== undefined) yield first;
      for (const [index, head] of heads.entries()) {
        if (head?.key !== first.key) continue;
        heads[index] = next(iterators[index]);
      }
    }
  } finally {
    for (const iterator of iterators) iterator.return?.();
  }
}
