import { type Database } from 'lmdb';
import { type ByteMap, type Entry, type KeySpan } from './byte-map';
import { type Change, ChangeSet } from './change-set';

/**
 * A map of LMDB with newer changes in memory above it: those of the group that is being written, which only the group itself
 * sees, those that are in the log, and those that are being moved to LMDB.
 */
export class LayeredMap implements ByteMap {
  private staged: ChangeSet | undefined;
  private logged = new ChangeSet();
  private moving: ChangeSet | undefined;

  constructor(private readonly base: Database<Buffer, Buffer>) {}

  get(key: Buffer): Buffer | undefined {
    const change = this.staged?.get(key) ?? this.logged.get(key) ?? this.moving?.get(key);
    return change === undefined ? this.base.get(key) : change.value;
  }

  *keys(span: KeySpan): Generator<Buffer, void, undefined> {
    const changes = this.changes(span);
    if (changes.length === 0) yield* this.base.getKeys(span);
    else for (const { key } of merged([...changes, keysOf(this.base, span)], span)) yield key;
  }

  *entries(span: KeySpan): Generator<Entry, void, undefined> {
    const changes = this.changes(span);
    const sources = changes.length === 0 ? [] : [...changes, this.base.getRange(span)];
    if (sources.length === 0) yield* this.base.getRange(span);
    else for (const { key, value } of merged(sources, span)) if (value !== undefined) yield { key, value };
  }

  count(span: KeySpan): number {
    let count = this.base.getKeysCount(span);
    for (const { key, value } of merged(this.changes(span), span, 'with removed')) {
      count += Number(value !== undefined) - Number(this.base.doesExist(key));
    }
    return count;
  }

  put(key: Buffer, value: Buffer): void {
    // Copied, as the buffer may be a small part of a large message.
    this.stage({ key, value: Buffer.from(value) });
  }

  remove(key: Buffer): void {
    this.stage({ key, value: undefined });
  }

  /** Opens the layer that writes go to. */
  begin(): void {
    this.staged = new ChangeSet();
  }

  /** What was written since `begin`. */
  get changesOfGroup(): ChangeSet {
    return this.staged ?? new ChangeSet();
  }

  /** Closes the layer that writes go to. @returns what was written, for {@link accept} */
  end(): ChangeSet {
    const written = this.changesOfGroup;
    this.staged = undefined;
    return written;
  }

  /** Shows everybody what was written. */
  accept(written: ChangeSet): void {
    for (const change of written.all()) this.logged.set(change);
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
    return layers.flatMap((layer) => (layer === undefined || layer.size === 0 ? [] : [layer.between(span)]));
  }
}

function* keysOf(base: Database<Buffer, Buffer>, span: KeySpan): Generator<Change, void, undefined> {
  for (const key of base.getKeys(span)) yield { key, value: NO_BYTES };
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
  const direction = reverse ? -1 : 1;
  try {
    for (;;) {
      let first: Change | undefined;
      for (const head of heads) {
        if (head === undefined) continue;
        if (first === undefined || Buffer.compare(head.key, first.key) * direction < 0) first = head;
      }
      if (first === undefined) return;
      if (removed === 'with removed' || first.value !== undefined) yield first;
      for (const [index, head] of heads.entries()) {
        if (head === undefined || (head !== first && !head.key.equals(first.key))) continue;
        heads[index] = next(iterators[index]);
      }
    }
  } finally {
    for (const iterator of iterators) iterator.return?.();
  }
}
