import { driverCollection, upserted } from '@keptn/mongodb-connection';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { LRUCache } from 'lru-cache';
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

/** Those of the latest runs: some 200 bytes each. */
const CONTEXTS_KEPT_IN_MIND = 10_000;

/**
 * The record of each context: its root, the earliest of its events.
 *
 * Storing the event is the commit point. The record of its context is written at the same time, since one of the two waiting
 * for the other would cost every sender a second round trip to the disk, and so a crash can leave either without the other:
 * - an event whose record is missing or names a later root: the sender, who got no answer, sends again and the record is
 *   written then; failing that, a follower of the log (`ContextFollower`) looks at every event again in the background;
 * - a record whose root was never stored: noticed when the root is asked for, and replaced on the spot (`repair`).
 * Every write is `$min`, so that repeating it, in any order and by any replica, changes nothing. An event behind a root that this
 * process has written or read needs no write: another replica that removes the record meanwhile leaves it to the follower.
 */
@Injectable()
export class ContextStore {
  /** Mongoose would put the fields of a root event into an order of its own. */
  private readonly rawContexts: mongo.Collection<ContextRecord>;
  /** By context, a position at which its root is, or before which. */
  private readonly rootsUpTo = new LRUCache<string, string>({ max: CONTEXTS_KEPT_IN_MIND });

  constructor(
    @InjectModel(ContextRecord.name) private readonly contexts: Model<ContextRecord>,
    @InjectModel(EventRecord.name) private readonly events: Model<EventRecord>,
  ) {
    this.rawContexts = driverCollection(contexts);
  }

  /** Takes events that are stored into the records of their contexts. */
  async record(events: readonly StoredEvent[]): Promise<void> {
    await this.write(earliestOfEach(events).filter((event) => !this.isBehindRoot(event)));
  }

  /** Like {@link record}, but goes by the records and writes what is missing: for events that were recorded most likely. */
  async verify(events: readonly StoredEvent[]): Promise<void> {
    const earliest = earliestOfEach(events);
    if (earliest.length === 0) return;
    const contexts = earliest.map(({ shkeptncontext }) => shkeptncontext);
    const found = await this.contexts
      .find({ _id: { $in: contexts } }, { 'root.position': 1 })
      .lean<Pick<ContextRecord, '_id' | 'root'>[]>();
    const roots = new Map(found.map(({ _id, root }) => [_id, root.position]));
    await this.write(
      earliest.filter(({ shkeptncontext, position }) => {
        const root = roots.get(shkeptncontext);
        return root === undefined || position < root;
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
    this.rootsUpTo.delete(context);
    const unchanged = { _id: { $eq: context }, 'root.sequence': missingRoot };
    const first = await this.earliest(context);
    if (first === null) await this.contexts.deleteOne(unchanged);
    else await this.rawContexts.updateOne(unchanged, { $set: { root: rootOf(first) } });
    this.rootsUpTo.delete(context);
  }

  /** Takes out again what {@link record} noted of events that are not stored after all. */
  async retract(events: readonly StoredEvent[]): Promise<void> {
    for (const { shkeptncontext: context, _id } of events) {
      if (context !== undefined) await this.repair(context, _id);
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

  private isBehindRoot({ shkeptncontext, position }: EventOfContext): boolean {
    const known = this.rootsUpTo.get(shkeptncontext);
    return known !== undefined && known <= position;
  }

  private async write(roots: readonly EventOfContext[]): Promise<void> {
    if (roots.length === 0) return;
    const writes = roots.map(upsertOf);
    await upserted(() => this.rawContexts.bulkWrite(writes, { ordered: false }));
    for (const { shkeptncontext, position } of roots) this.rootsUpTo.set(shkeptncontext, position);
  }

  private earliest(context: string): Promise<EventOfContext | null> {
    return this.events
      .findOne({ shkeptncontext: { $eq: context } }, { event: 0 })
      .sort({ position: 1 })
      .lean<EventOfContext | null>()
      .exec();
  }
}

type EventOfContext = StoredEvent & { readonly shkeptncontext: string };

const isOfContext = (event: StoredEvent): event is EventOfContext => event.shkeptncontext !== undefined;

/** The earliest event of each context. */
function earliestOfEach(events: readonly StoredEvent[]): EventOfContext[] {
  const earliest = new Map<string, EventOfContext>();
  for (const event of events.filter(isOfContext)) {
    const known = earliest.get(event.shkeptncontext);
    if (known === undefined || event.position < known.position) earliest.set(event.shkeptncontext, event);
  }
  return [...earliest.values()];
}

const upsertOf = (event: EventOfContext): mongo.AnyBulkWriteOperation<ContextRecord> => ({
  updateOne: {
    filter: { _id: { $eq: event.shkeptncontext } },
    update: { $min: { root: rootOf(event) } },
    upsert: true,
  },
});

/** The order of the fields matters: see {@link RootEvent}. */
const rootOf = (event: EventOfContext): RootEvent => ({
  position: event.position,
  sequence: event._id,
  ...(event.project !== undefined && { project: event.project }),
  ...(event.stage !== undefined && { stage: event.stage }),
  ...(event.service !== undefined && { service: event.service }),
  type: event.type,
  source: event.source,
  id: event.id,
  shkeptncontext: event.shkeptncontext,
});
