import { type Collection, type StoredRecord } from '../storage/collection';
import { type Environment } from '../storage/environment';
import { encodedPart, entryBound, idPrefix, recordIdOf, recordKey } from '../storage/record-keys';
import { type IndexPlan, type KeyRange, type RangeGroup } from './index-plan';

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
  private position: Buffer;

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

  private *mergedKeys(): Generator<Uint8Array, void, undefined> {
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
    const direction = this.plan.reverse ? -1 : 1;
    let first: StreamHead | undefined;
    for (const head of heads) {
      if (head.suffix === undefined) continue;
      if (first?.suffix === undefined || Buffer.compare(head.suffix, first.suffix) * direction < 0) first = head;
    }
    return first;
  }
}

/** The next key of a stream that is being merged. It counts as read only when it is taken. */
class StreamHead {
  key: Uint8Array | undefined;
  suffix: Uint8Array | undefined;
  private readonly keys: Generator<Uint8Array, void, undefined>;

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
  position: Uint8Array | undefined;
  readonly prefixLength: number;
  private readonly ranges: readonly KeyRange[];

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
  *keys(takes = true): Generator<Uint8Array, void, undefined> {
    for (const range of this.ranges) {
      const bounded = this.unread(range);
      if (bounded === undefined) continue;
      for (const key of this.environment.entries.keys(bounded)) {
        if (this.position !== undefined && Buffer.compare(key, this.position) === 0) continue;
        if (takes) this.position = key;
        yield key;
      }
    }
  }

  /** The part of a range that lies behind the position; undefined when that is nothing. */
  private unread({ low, high }: KeyRange): { start: Buffer; end: Buffer; reverse: boolean } | undefined {
    const top = high ?? entryBound(this.plan.index.id, undefined);
    const position = this.position === undefined ? undefined : Buffer.from(this.position);
    if (this.plan.reverse) {
      const start = position !== undefined && Buffer.compare(position, top) < 0 ? position : top;
      return Buffer.compare(start, low) < 0 ? undefined : { start, end: low, reverse: true };
    }
    const start = position !== undefined && Buffer.compare(position, low) > 0 ? position : low;
    return Buffer.compare(start, top) >= 0 ? undefined : { start, end: top, reverse: false };
  }
}
