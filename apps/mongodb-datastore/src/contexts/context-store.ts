import { upserted } from '@keptn/mongodb-connection';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { Model, type mongo } from 'mongoose';
import { type EventFilter, narrowed, toQuery } from '../log/event-filter';
import { EventRecord, type StoredEvent } from '../log/event.schema';
import { type Position, type PositionRange, type SortOrder } from '../log/position';
import { type Batch, type PageRequest, positionOfOffset, type Positions, readPage } from '../log/served-order';
import { ContextRecord, type RootEvent } from './context.schema';

export interface FoundRoot {
  readonly context: string;
  readonly sequence: number;
  readonly position: Position;
}

/**
 * The record of each context, made of its events.
 *
 * Storing the event is the commit point. The record of its context is written at the same time, since one of the two waiting
 * for the other would cost every sender a second round trip to the disk, and so a crash can leave either without the other:
 * - an event whose record is missing or names a later root: the sender, who got no answer, sends again and the record is
 *   written then; failing that, a follower of the log (`ContextFollower`) looks at every event again in the background;
 * - a record whose root was never stored: noticed when the root is asked for, and replaced on the spot (`repair`).
 * Every write is `$min` and `$max`, so that repeating it, in any order and by any replica, changes nothing.
 */
@Injectable()
export class ContextStore {
  /** Mongoose would put the fields of a root event into an order of its own. */
  private readonly rawContexts: mongo.Collection<ContextRecord>;

  constructor(
    @InjectModel(ContextRecord.name) private readonly contexts: Model<ContextRecord>,
    @InjectModel(EventRecord.name) private readonly events: Model<EventRecord>,
  ) {
    this.rawContexts = contexts.collection as unknown as mongo.Collection<ContextRecord>;
  }

  /** Takes events that are stored into the records of their contexts. */
  async record(events: readonly StoredEvent[]): Promise<void> {
    const writes = [...groupedByContext(events)].map(([context, group]) => upsertOf(context, group));
    if (writes.length > 0) {
      await upserted(() => this.rawContexts.bulkWrite(writes, { ordered: false }));
    }
  }

  /** Like {@link record}, but reads first and writes only what is missing: for events that were recorded most likely. */
  async verify(events: readonly StoredEvent[]): Promise<void> {
    const contexts = [...new Set(events.flatMap(({ shkeptncontext }) => shkeptncontext ?? []))];
    if (contexts.length === 0) return;
    const found = await this.contexts.find({ _id: { $in: contexts } }).lean<ContextRecord[]>();
    const known = new Map(found.map((record) => [record._id, record]));
    await this.record(
      events.filter(({ shkeptncontext = '', position, time }) => {
        const record = known.get(shkeptncontext);
        return record === undefined || position < record.root.position || time > record.lastTime;
      }),
    );
  }

  /** Root events that match. */
  roots(filter: EventFilter, request: PageRequest): Promise<Batch<FoundRoot>> {
    return readPage(this.positionsOf(filter), request);
  }

  /** The position before which `offset` of the root events that match are; undefined when there are not as many. */
  positionOfOffset(filter: EventFilter, order: SortOrder, offset: number): Promise<Position | undefined> {
    return positionOfOffset(this.positionsOf(filter), order, offset);
  }

  countRoots(filter: EventFilter): Promise<number> {
    return this.contexts.countDocuments(toQuery(filter, 'root.')).exec();
  }

  /** Makes the record again of the events that are left; removes it when none is. */
  async repair(context: string, missingRoot: number): Promise<void> {
    const unchanged = { _id: { $eq: context }, 'root.sequence': missingRoot };
    const [first, last] = await Promise.all([this.outermost(context, 1), this.outermost(context, -1)]);
    if (first === null || last === null) {
      await this.contexts.deleteOne(unchanged);
      return;
    }
    const times = { firstTime: first.time, lastTime: last.time };
    await this.rawContexts.updateOne(unchanged, { $set: { root: rootOf(first), ...times } });
  }

  /** Takes out again what {@link record} noted of events that are not stored after all. */
  async retract(events: readonly StoredEvent[]): Promise<void> {
    for (const { shkeptncontext: context, _id, time } of events) {
      if (context === undefined) continue;
      await this.repair(context, _id);
      const last = await this.outermost(context, -1);
      if (last === null) continue;
      await this.rawContexts.updateOne({ _id: { $eq: context }, lastTime: time }, { $set: { lastTime: last.time } });
    }
  }

  /** Contexts whose root event is one of the project's. */
  async rootedIn(project: string, limit: number): Promise<{ context: string; sequence: number }[]> {
    const found = await this.contexts
      .find({ 'root.project': { $eq: project } }, { 'root.sequence': 1 })
      .limit(limit)
      .lean<ContextRecord[]>();
    return found.map(({ _id, root }) => ({ context: _id, sequence: root.sequence }));
  }

  /** Contexts whose root event has a lower sequence number. */
  async rootedBelow(sequence: number, limit: number): Promise<{ context: string; sequence: number }[]> {
    const found = await this.contexts
      .find({ 'root.sequence': { $lt: sequence } }, { 'root.sequence': 1 })
      .limit(limit)
      .lean<ContextRecord[]>();
    return found.map(({ _id, root }) => ({ context: _id, sequence: root.sequence }));
  }

  private positionsOf(filter: EventFilter): Positions<FoundRoot> {
    const find = async (range: PositionRange, direction: 'ascending' | 'descending', skip: number, limit: number) => {
      const found = await this.contexts
        .find(toQuery(narrowed(filter, range), 'root.'), { 'root.position': 1, 'root.sequence': 1 })
        .sort({ 'root.position': direction === 'ascending' ? 1 : -1 })
        .skip(skip)
        .limit(limit)
        .lean<ContextRecord[]>();
      return found.map(({ _id, root }) => ({
        context: _id,
        sequence: root.sequence,
        position: root.position as Position,
      }));
    };
    return {
      read: async (range, direction, limit) => {
        const found = await find(range, direction, 0, limit + 1);
        return { items: found.slice(0, limit), next: found[limit] };
      },
      at: async (range, direction, skip) => (await find(range, direction, skip, 1))[0]?.position,
      count: (range) => this.countRoots(narrowed(filter, range)),
    };
  }

  private outermost(context: string, direction: -1 | 1): Promise<StoredEvent | null> {
    return this.events
      .findOne({ shkeptncontext: { $eq: context } }, { event: 0 })
      .sort({ position: direction })
      .lean<StoredEvent | null>()
      .exec();
  }
}

const groupedByContext = (events: readonly StoredEvent[]): Map<string, StoredEvent[]> => {
  const groups = new Map<string, StoredEvent[]>();
  for (const event of events) {
    if (event.shkeptncontext === undefined) continue;
    groups.set(event.shkeptncontext, [...(groups.get(event.shkeptncontext) ?? []), event]);
  }
  return groups;
};

const upsertOf = (context: string, events: readonly StoredEvent[]): mongo.AnyBulkWriteOperation<ContextRecord> => {
  const inOrder = events.toSorted((one, other) => (one.position < other.position ? -1 : 1));
  const first = inOrder[0];
  const last = inOrder.at(-1);
  if (first === undefined || last === undefined) throw new RangeError('a context has at least one event');
  return {
    updateOne: {
      filter: { _id: { $eq: context } },
      update: { $min: { root: rootOf(first), firstTime: first.time }, $max: { lastTime: last.time } },
      upsert: true,
    },
  };
};

/** The order of the fields matters: see {@link RootEvent}. */
const rootOf = (event: StoredEvent): RootEvent => ({
  position: event.position,
  sequence: event._id,
  ...(event.project !== undefined && { project: event.project }),
  ...(event.stage !== undefined && { stage: event.stage }),
  ...(event.service !== undefined && { service: event.service }),
  type: event.type,
  source: event.source,
  id: event.id,
  shkeptncontext: event.shkeptncontext ?? '',
});
