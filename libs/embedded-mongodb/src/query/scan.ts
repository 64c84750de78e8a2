import { type Key, type KeySpan } from '../storage/byte-map';
import { type Collection, type StoredRecord } from '../storage/collection';
import { type Environment } from '../storage/environment';
import { encodedPart, entryBound, idPrefix, recordIdOf, recordKey } from '../storage/record-keys';
import { type IndexPlan, type RangeGroup } from './index-plan';

/** A document that a scan came to; its bytes when the scan read them anyway. */
export type Candidate = Pick<StoredRecord, 'recordId'> & Partial<StoredRecord>;

/**
 * Reads candidates in the order of a plan. `candidates()` can be left at any point and called again later, in another
 * turn of the event loop, and goes on behind the last candidate that was taken; it then sees the newer state.
 */
export interface Scan {
  /** Index entries read so far. */
  readonly keysExamined: number;
  candidates(): Generator<Candidate, void, undefined>;
}

/** Reads all documents in the order of insertion. */
export class CollectionScan implements Scan {
  readonly keysExamined = 0;
  private position: Key;

  constructor(
    private readonly environment: Environment,
    private readonly collection: Collection,
  ) {
    this.position = idPrefix(collection.id);
  }

  *candidates(): Generator<Candidate, void, undefined> {
    const range = { start: this.position, end: idPrefix(this.collection.id + 1) };
    for (const { key, value } of this.environment.records.entries(range)) {
      const recordId = recordIdOf(key);
      this.position = recordKey(this.collection.id, recordId + 1);
      yield { recordId, bytes: value };
    }
  }
}

/** Reads index entries, of several groups merged. */
export class IndexScan implements Scan {
  keysExamined = 0;
  private readonly streams: readonly EntryStream[];

  constructor(
    environment: Environment,
    private readonly plan: IndexPlan,
  ) {
    this.streams = plan.groups.map((group) => new EntryStream(environment, plan, group));
  }

  *candidates(): Generator<Candidate, void, undefined> {
    const [only, ...others] = this.streams;
    if (only === undefined) return;
    const keys = others.length === 0 ? only.keys() : this.mergedKeys();
    for (const key of keys) {
      this.keysExamined++;
      yield { recordId: recordIdOf(key) };
    }
  }

  private *mergedKeys(): Generator<Key, void, undefined> {
    const heads = this.streams.map((stream) => new StreamHead(stream));
    try {
      for (;;) {
        const first = this.firstOf(heads);
        if (first?.key === undefined) return;
        const key = first.key;
        first.take();
        yield key;
      }
    } finally {
      for (const head of heads) head.close();
    }
  }

  private firstOf(heads: readonly StreamHead[]): StreamHead | undefined {
    const isBefore = (one: Key, other: Key): boolean => (this.plan.reverse ? one > other : one < other);
    let first: StreamHead | undefined;
    for (const head of heads) {
      if (head.suffix === undefined) continue;
      if (first?.suffix === undefined || isBefore(head.suffix, first.suffix)) first = head;
    }
    return first;
  }
}

/** The next key of a stream that is being merged. It counts as read only when it is taken. */
class StreamHead {
  key: Key | undefined;
  suffix: Key | undefined;
  private readonly keys: Generator<Key, void, undefined>;

  constructor(private readonly stream: EntryStream) {
    this.keys = stream.keys(false);
    this.advance();
  }

  take(): void {
    if (this.key !== undefined) this.stream.position = this.key;
    this.advance();
  }

  close(): void {
    this.keys.return();
  }

  private advance(): void {
    const next = this.keys.next();
    this.key = next.done === true ? undefined : next.value;
    this.suffix = this.key === undefined ? undefined : encodedPart(this.key, this.stream.prefixLength);
  }
}

/** The entries of one group of ranges, one after the other. */
class EntryStream {
  /** The last key that was taken. */
  position: Key | undefined;
  readonly prefixLength: number;
  private readonly ranges: readonly { readonly low: Key; readonly high: Key }[];

  constructor(
    private readonly environment: Environment,
    private readonly plan: IndexPlan,
    group: RangeGroup,
  ) {
    this.prefixLength = group.prefixLength;
    this.ranges = (plan.reverse ? [...group.ranges].reverse() : group.ranges).map(({ low, high }) => ({
      low: entryBound(plan.index.id, low),
      high: entryBound(plan.index.id, high),
    }));
  }

  /** @param takes whether a key counts as taken when it is given out */
  *keys(takes = true): Generator<Key, void, undefined> {
    for (const range of this.ranges) {
      const bounded = this.unread(range);
      if (bounded === undefined) continue;
      for (const key of this.environment.entries.keys(bounded)) {
        if (key === this.position) continue;
        if (takes) this.position = key;
        yield key;
      }
    }
  }

  /** The part of a range that lies behind the position; undefined when that is nothing. */
  private unread({ low, high }: { readonly low: Key; readonly high: Key }): KeySpan | undefined {
    const { position } = this;
    if (this.plan.reverse) {
      const start = position !== undefined && position < high ? position : high;
      return start < low ? undefined : { start, end: low, reverse: true };
    }
    const start = position !== undefined && position > low ? position : low;
    return start >= high ? undefined : { start, end: high };
  }
}
