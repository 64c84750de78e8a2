import { driverCollection } from '@keptn/mongodb-connection';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { Model, mongo } from 'mongoose';
import { EventRemoval } from './event-removal';
import { EventRecord, type StoredEvent } from './event.schema';
import { EventStore, keyText } from './event-store';
import { type NewEvent } from './new-event';
import { positionOf } from './position';
import { DatabaseTooSlow } from './log.errors';
import { SequenceCounter } from './sequence-counter';

export interface WriteOptions {
  /** How long readers wait for a number, in milliseconds. */
  readonly patienceMs: number;
  /** Work that may happen at the same time as storing the records; it must not fail. */
  readonly alongside: (records: readonly EventRecord[]) => Promise<void>;
}

export interface WriteResult {
  /** What was stored, by index of the events given. */
  readonly stored: ReadonlyMap<number, EventRecord>;
  /** What was not stored, because the event had been stored before or its number was in use. */
  readonly refused: readonly EventRecord[];
  /** The events that had been stored before, and which of the events given say something else than those. */
  readonly existing: readonly StoredEvent[];
  readonly conflicting: readonly NewEvent[];
  /** Numbers that were taken and are not used. */
  readonly abandoned: readonly number[];
}

/** MongoDB's code for a violated unique index. */
const DUPLICATE_KEY = 11_000;

/**
 * Share of the readers' patience (`SEQUENCE_GAP_MS`) that may pass between taking numbers and writing with them. Readers pass
 * over a number that stays invisible for longer, so late numbers are thrown away and new ones taken.
 */
const FRESHNESS = 1 / 4;

/** Share of it that may pass until what was written with them is visible; after that somebody may have passed over them. */
const VISIBILITY = 3 / 4;

/** More attempts would mean that waiting or catching up mends nothing. */
const MAX_ATTEMPTS = 3;

/** Writes groups of events, each with numbers of its own. */
@Injectable()
export class EventWriter {
  constructor(
    @InjectModel(EventRecord.name) private readonly events: Model<EventRecord>,
    private readonly store: EventStore,
    private readonly counter: SequenceCounter,
    private readonly removal: EventRemoval,
  ) {}

  /** Stores those events that are not stored yet. All have different keys. */
  async write(events: readonly NewEvent[], { patienceMs, alongside }: WriteOptions): Promise<WriteResult> {
    const stored = new Map<number, EventRecord>();
    const refusedRecords: EventRecord[] = [];
    const existing: StoredEvent[] = [];
    const conflicting: NewEvent[] = [];
    const abandoned: number[] = [];
    let open = events.map((_event, index) => index);
    let isLate = false;
    for (let attempt = 1; open.length > 0; attempt++) {
      if (attempt > MAX_ATTEMPTS) {
        throw isLate ? new DatabaseTooSlow() : new Error('the sequence counter hands out numbers that are in use');
      }
      const attempted = open.map((index) => events[index] as NewEvent);
      const records = await this.numbered(attempted, patienceMs, abandoned);
      const [{ refused, late }] = await Promise.all([this.insertInTime(records, patienceMs), alongside(records)]);
      isLate = late.length > 0;
      await this.removal.remove(late);
      refusedRecords.push(...records.filter((_record, at) => refused.includes(at)), ...late);
      const found = await this.store.stored(attempted.filter((_event, at) => refused.includes(at)));
      existing.push(...found.existing);
      conflicting.push(...found.conflicting);
      const known = new Set(found.existing.map(keyText));
      const again: number[] = [];
      for (const [at, record] of records.entries()) {
        if (late.includes(record)) {
          abandoned.push(record._id);
          again.push(open[at] as number);
        } else if (!refused.includes(at)) stored.set(open[at] as number, record);
        // Refused although nobody stored the event: then its number is in use.
        else if (known.has(keyText(record))) abandoned.push(record._id);
        else again.push(open[at] as number);
      }
      if (again.length > 0) await this.counter.catchUp();
      open = again;
    }
    return { stored, refused: refusedRecords, existing, conflicting, abandoned };
  }

  private async numbered(events: readonly NewEvent[], patienceMs: number, abandoned: number[]): Promise<EventRecord[]> {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      const start = performance.now();
      const first = await this.counter.take(events.length);
      if (performance.now() - start <= patienceMs * FRESHNESS) {
        return events.map(({ instant, isTimed: _isTimed, ...event }, index) => ({
          _id: first + index,
          position: positionOf(instant, first + index),
          ...event,
        }));
      }
      abandoned.push(...events.map((_event, index) => first + index));
    }
    throw new DatabaseTooSlow();
  }

  /**
   * What is written but not acknowledged yet, such as by a majority, is seen by readers all the same.
   *
   * @returns the indexes of the records that a unique index refused, and the records that readers may have passed over
   */
  private async insertInTime(
    records: readonly EventRecord[],
    patienceMs: number,
  ): Promise<{ readonly refused: readonly number[]; readonly late: readonly EventRecord[] }> {
    const [first, last] = [records[0]?._id ?? 0, records.at(-1)?._id ?? 0];
    const insertion = this.insert(records);
    let timer: NodeJS.Timeout | undefined;
    const timeIsUp = new Promise<true>((resolve) => {
      timer = setTimeout(resolve, patienceMs * VISIBILITY, true);
    });
    const isSlow = await Promise.race([insertion.then(() => false), timeIsUp]).finally(() => {
      clearTimeout(timer);
    });
    if (!isSlow) return { refused: await insertion, late: [] };
    const [refused, visible] = await Promise.all([insertion, this.store.sequencesBetween(first - 1, last)]);
    // A number is passed over for the sake of a higher one only.
    if ((await this.store.highestSequence()) <= last) return { refused, late: [] };
    return { refused, late: records.filter(({ _id }, at) => !refused.includes(at) && !visible.includes(_id)) };
  }

  /** @returns the indexes of the records that a unique index refused */
  private async insert(records: readonly EventRecord[]): Promise<number[]> {
    try {
      // Past mongoose: the records were made right here, and casting each again costs more than storing it.
      await driverCollection(this.events).insertMany(records, {
        ordered: false,
      });
      return [];
    } catch (error) {
      if (!(error instanceof mongo.MongoBulkWriteError) || error.code !== DUPLICATE_KEY) throw error;
      const failures = [error.writeErrors].flat();
      const other = failures.find(({ code }) => code !== DUPLICATE_KEY);
      if (other !== undefined) throw new Error(`events could not be stored: ${other.errmsg ?? ''}`, { cause: error });
      return failures.map(({ index }) => index);
    }
  }
}
