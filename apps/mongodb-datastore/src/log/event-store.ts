import { driverCollection } from '@keptn/mongodb-connection';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { Model, mongo } from 'mongoose';
import { type EventFilter, narrowed, toQuery } from './event-filter';
import { type NewEvent } from './new-event';
import { EventRecord, type StoredEvent } from './event.schema';
import { QueryTooSlow } from './log.errors';
import { type Position, type PositionRange, sequenceIn, type SortOrder } from './position';
import { saysTheSame } from './same-event';
import {
  type Batch,
  type Cut,
  type PageRequest,
  type Positioned,
  positionOfOffset,
  type Positions,
  readPage,
} from './served-order';
import { takeFrom } from './take-from';

/** A query that takes longer is given up, so that it cannot pile up behind others. The original's limit. */
export const QUERY_TIMEOUT_MS = 10_000;

/** What an answer needs of an event. */
export type ServedEvent = Pick<EventRecord, '_id' | 'event' | 'id' | 'project' | 'type'> & {
  readonly position: Position;
};

/** An event without its text. */
export type EventHeader = StoredEvent & { readonly position: Position; readonly event?: undefined };

/** An event that names another one. */
export type Answer = Pick<EventRecord, 'project' | 'triggeredid' | 'type'>;

/** What makes an event one of a kind. */
export type EventKey = Pick<EventRecord, 'id' | 'source'>;

/** The key as one text. */
export const keyText = ({ id, source }: EventKey): string => JSON.stringify([id, source]);

/** Of some events, those that are stored already. */
export interface Repeats {
  readonly existing: readonly StoredEvent[];
  /** Those that say something else than what is stored under their key. */
  readonly conflicting: readonly NewEvent[];
}

const SERVED = { event: 1, id: 1, position: 1, project: 1, type: 1 } as const;

/** MongoDB's code for an operation that outlasted its maxTimeMS. */
const MAX_TIME_EXPIRED = 50;

const inTime = async <Result>(answer: Promise<Result>): Promise<Result> => {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof mongo.MongoServerError && error.code === MAX_TIME_EXPIRED) throw new QueryTooSlow(error);
    throw error;
  }
};

/** Some events in the order of the log. */
export interface LogPart {
  readonly events: readonly EventRecord[];
  /** Whether further ones follow. */
  readonly hasMore: boolean;
}

/** Reads of the `events` collection. */
@Injectable()
export class EventStore {
  constructor(@InjectModel(EventRecord.name) private readonly events: Model<EventRecord>) {}

  page(filter: EventFilter, request: PageRequest): Promise<Batch<ServedEvent>> {
    return readPage(this.servedPositions(filter), request);
  }

  /** Like {@link page}, without texts. */
  headerPage(filter: EventFilter, request: PageRequest): Promise<Batch<EventHeader>> {
    const positions = this.positionsOf(filter, (range, direction, limit) => {
      const found = this.sorted(filter, range, { event: 0 }, direction).limit(limit + 1);
      return inTime(takeFrom(found.lean<EventHeader>().cursor(), limit));
    });
    return readPage(positions, request);
  }

  /** The position before which `offset` of the events that match are; undefined when there are not as many. */
  positionOfOffset(filter: EventFilter, order: SortOrder, offset: number): Promise<Position | undefined> {
    return positionOfOffset(this.servedPositions(filter), order, offset);
  }

  /** @param limit where counting ends */
  count(filter: EventFilter, limit?: number): Promise<number> {
    const found = this.events.countDocuments(toQuery(filter)).maxTimeMS(QUERY_TIMEOUT_MS);
    return inTime((limit === undefined ? found : found.limit(limit)).exec());
  }

  /** The latest event that matches; ids are unique only among the events of one source. */
  newest(filter: EventFilter): Promise<ServedEvent | null> {
    return this.events.findOne(toQuery(filter), SERVED).sort({ position: -1 }).lean<ServedEvent | null>().exec();
  }

  /** @returns the events that exist, in no particular order */
  withSequences(sequences: readonly number[]): Promise<ServedEvent[]> {
    return this.events
      .find({ _id: { $in: sequences } }, SERVED)
      .lean<ServedEvent[]>()
      .exec();
  }

  /** The events of some types that name one of `ids` as `triggeredid`, in the order of the log. */
  answersTo(ids: readonly string[], types: readonly string[]): Promise<Answer[]> {
    return this.events
      .find({ triggeredid: { $in: ids }, type: { $in: types } }, { triggeredid: 1, project: 1, type: 1 })
      .sort({ position: 1 })
      .lean<Answer[]>()
      .exec();
  }

  /** The first events in the order of the log that match, without their texts. */
  headers(filter: EventFilter, limit: number): Promise<StoredEvent[]> {
    return this.events
      .find(toQuery(filter), { event: 0 })
      .sort({ position: 1 })
      .limit(limit)
      .lean<StoredEvent[]>()
      .exec();
  }

  /**
   * The events of a context with numbers behind `after`, in the order of the log, as many as wanted or as fit into a batch. The
   * database sorts nothing: a context of large events would be more than MongoDB sorts in memory. For a further part it reads the
   * positions of the whole context, which the index holds, so none of the events before.
   */
  async ofContext(shkeptncontext: string, after: number, limit: number): Promise<LogPart> {
    const allWith = (fields: mongo.Document) =>
      this.events
        .find({ shkeptncontext: { $eq: shkeptncontext } }, fields)
        .sort({ position: 1 })
        .maxTimeMS(QUERY_TIMEOUT_MS);
    if (after === 0) {
      const whole = allWith({})
        .limit(limit + 1)
        .lean<EventRecord>();
      const { items, next } = await inTime(takeFrom(whole.cursor(), limit));
      if (next === undefined) return { events: items.toSorted((one, other) => one._id - other._id), hasMore: false };
    }
    const positions = await inTime(allWith({ _id: 0, position: 1 }).lean<Positioned[]>().exec());
    const behind = positions
      .map(({ position }) => sequenceIn(position))
      .filter((sequence) => sequence > after)
      .toSorted((one, other) => one - other);
    const wanted = behind.slice(0, limit);
    const part = this.events
      .find({ _id: { $in: wanted } })
      .sort({ _id: 1 })
      .maxTimeMS(QUERY_TIMEOUT_MS)
      .lean<EventRecord>();
    const { items, next } = await inTime(takeFrom(part.cursor(), limit));
    return { events: items, hasMore: next !== undefined || behind.length > wanted.length };
  }

  /** The projects that have events, in the order of their names; each is one step in an index. */
  async *projects(): AsyncGenerator<string> {
    for (let last = ''; ;) {
      const next = await this.events
        .findOne({ project: { $gt: last } }, { project: 1 })
        .sort({ project: 1, position: -1 })
        .lean<Pick<EventRecord, 'project'> | null>();
      if (next?.project === undefined) return;
      last = next.project;
      yield last;
    }
  }

  /** Like {@link afterSequence}, without texts. */
  headersAfter(sequence: number, limit: number): Promise<StoredEvent[]> {
    return this.events
      .find({ _id: { $gt: sequence } }, { event: 0 })
      .sort({ _id: 1 })
      .limit(limit)
      .lean<StoredEvent[]>()
      .exec();
  }

  /** Events by sequence number, whatever gaps are between them. */
  afterSequence(sequence: number, limit: number): Promise<Cut<EventRecord>> {
    // Past mongoose: this is what a log at rest is asked again and again.
    const events = driverCollection(this.events);
    return takeFrom(events.find({ _id: { $gt: sequence } }, { sort: { _id: 1 }, limit: limit + 1 }), limit);
  }

  /**
   * Which of the events are stored already, and which of them say something else than what is stored.
   *
   * @param readConcern `majority` leaves out what the loss of a member of the replica set may still undo
   */
  async stored(events: readonly NewEvent[], readConcern?: 'majority'): Promise<Repeats> {
    if (events.length === 0) return { existing: [], conflicting: [] };
    const byKey = new Map<string, NewEvent[]>();
    for (const event of events) byKey.set(keyText(event), [...(byKey.get(keyText(event)) ?? []), event]);
    const ids = [...new Set(events.map(({ id }) => id))];
    const sources = [...new Set(events.map(({ source }) => source))];
    const existing: StoredEvent[] = [];
    const conflicting: NewEvent[] = [];
    // One at a time: as many stored events as there are new ones may be far larger than those.
    for await (const { event: text, ...stored } of this.events
      .find({ id: { $in: ids }, source: { $in: sources } })
      .setOptions(readConcern === undefined ? {} : { readConcern })
      .lean<EventRecord>()
      .cursor()) {
      const repeats = byKey.get(keyText(stored));
      if (repeats === undefined) continue;
      existing.push(stored);
      conflicting.push(...repeats.filter((event) => !saysTheSame(event, text)));
    }
    return { existing, conflicting };
  }

  /** Events that match, with sequence numbers in `(after, upTo]`, in that order. */
  matchingBetween(filter: EventFilter, after: number, upTo: number): Promise<Cut<EventRecord>> {
    const found = this.events
      .find({ _id: { $gt: after, $lte: upTo }, ...toQuery(filter) })
      .sort({ _id: 1 })
      .lean<EventRecord>();
    return takeFrom(found.cursor(), upTo - after);
  }

  /** The sequence numbers in `(after, upTo]` that exist. */
  async sequencesBetween(after: number, upTo: number): Promise<number[]> {
    const found = await this.events
      .find({ _id: { $gt: after, $lte: upTo } }, { _id: 1 })
      .sort({ _id: 1 })
      .lean<{ _id: number }[]>();
    return found.map(({ _id }) => _id);
  }

  /** The events that came in first, of those with sequence numbers up to `upTo`. */
  firstArrivals(upTo: number, limit: number): Promise<StoredEvent[]> {
    return this.events
      .find({ _id: { $lte: upTo } }, { event: 0 })
      .sort({ _id: 1 })
      .limit(limit)
      .lean<StoredEvent[]>()
      .exec();
  }

  /** The first number behind `after` of an event that came in at `instant` or later. */
  async firstArrivalSince(instant: Date, after: number): Promise<number | undefined> {
    const first = await this.events
      .findOne({ _id: { $gt: after }, arrival: { $gte: instant } }, { _id: 1 })
      .sort({ _id: 1 })
      .lean<Pick<EventRecord, '_id'> | null>();
    return first?._id;
  }

  /** The highest sequence number that is visible, 0 in an empty log. */
  async highestSequence(): Promise<number> {
    const newest = await this.events.findOne({}, { _id: 1 }).sort({ _id: -1 }).lean<{ _id: number } | null>();
    return newest?._id ?? 0;
  }

  private servedPositions(filter: EventFilter): Positions<ServedEvent> {
    return this.positionsOf(filter, (range, direction, limit) => {
      const found = this.sorted(filter, range, SERVED, direction).limit(limit + 1);
      return inTime(takeFrom(found.lean<ServedEvent>().cursor(), limit));
    });
  }

  private positionsOf<Found extends Positioned>(filter: EventFilter, read: Positions<Found>['read']): Positions<Found> {
    return {
      read,
      at: async (range, direction, skip) => {
        const found = this.sorted(filter, range, { position: 1 }, direction).skip(skip).limit(1);
        const [first] = await inTime(found.lean<Positioned[]>().exec());
        return first?.position;
      },
      count: (range) => this.count(narrowed(filter, range)),
    };
  }

  private sorted(
    filter: EventFilter,
    range: PositionRange,
    fields: Readonly<Record<string, 0 | 1>>,
    direction: 'ascending' | 'descending',
  ) {
    return this.events
      .find(toQuery(narrowed(filter, range)), fields)
      .sort({ position: direction === 'ascending' ? 1 : -1 })
      .maxTimeMS(QUERY_TIMEOUT_MS);
  }
}
