import { SETTINGS } from '@keptn/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { CONTEXTS_READER } from '../contexts/context-follower';
import { ContextStore } from '../contexts/context-store';
import { type EventFilter, narrowed } from '../log/event-filter';
import { EventCounts } from '../log/event-counts';
import { EventRemoval } from '../log/event-removal';
import { EventStore } from '../log/event-store';
import { LogCursors } from '../log/log-cursors';
import { type Position } from '../log/position';
import { type MongodbDatastoreSettings } from '../settings';

/** Events, or contexts, that are looked after in one step. */
const STEP = 500;

/**
 * Which events the settings let expire: those that came in too long ago, and the oldest of a project that has too many, one by
 * one, whatever run they belong to; the record of a run then names the earliest event that is left. An event that an
 * announced reader, such as event-broker, has not read yet is kept.
 */
@Injectable()
export class Expiry {
  constructor(
    private readonly store: EventStore,
    private readonly counts: EventCounts,
    private readonly removal: EventRemoval,
    private readonly contexts: ContextStore,
    private readonly cursors: LogCursors,
    @Inject(SETTINGS) private readonly settings: MongodbDatastoreSettings,
  ) {}

  /** Removes what has expired at `now`, step by step; each gives the number of events that it removed. */
  async *steps(now: Date): AsyncGenerator<number> {
    const { RETENTION_MAX_AGE: maxAgeMs, RETENTION_MAX_EVENTS_PER_PROJECT: maxEvents } = this.settings;
    if (maxAgeMs !== undefined) yield* this.removeArrivedBefore(new Date(now.getTime() - maxAgeMs));
    if (maxEvents === undefined) return;
    for await (const project of this.store.projects()) {
      const ofProject = { anyOf: { project: [project] } };
      if ((await this.counts.count(ofProject)) > maxEvents) yield* this.removeOldest(ofProject, maxEvents);
      yield* this.repairRootsOfOldest(ofProject);
    }
  }

  /** Events are looked at in the order in which they came in, and the look ends with the first that is young enough. */
  private async *removeArrivedBefore(limit: Date): AsyncGenerator<number> {
    const upToSequence = await this.cursors.passedByAll(CONTEXTS_READER);
    for (let isCut = true; isCut;) {
      const first = await this.store.firstArrivals(upToSequence, STEP);
      const young = first.findIndex(({ arrival, time }) => (arrival ?? time) >= limit);
      const expired = young === -1 ? first : first.slice(0, young);
      await this.removal.remove(expired);
      isCut = expired.length === STEP;
      yield expired.length;
    }
    const [left] = await this.store.firstArrivals(upToSequence, 1);
    yield* this.repairRootsBelow(left?._id ?? upToSequence + 1);
  }

  /**
   * Removes the oldest events that match, all but `kept`. They are read before they are counted: what another replica or the
   * deletion of the project removes meanwhile lowers the count, and the events read are the ones that went, so that no younger
   * ones, or those of a later project of that name, go instead.
   */
  private async *removeOldest(filter: EventFilter, kept: number): AsyncGenerator<number> {
    const upToSequence = await this.cursors.passedByAll(CONTEXTS_READER);
    for (let isCut = true; isCut;) {
      const oldest = await this.store.headers({ ...filter, upToSequence }, STEP);
      const excess = (await this.store.count(filter, kept + STEP)) - kept;
      const expired = oldest.slice(0, Math.max(excess, 0));
      await this.removal.remove(expired);
      isCut = expired.length === STEP;
      yield expired.length;
    }
  }

  /** Records whose root is gone lie below the first event that is left, so a crash on the way leaves none unseen. */
  private async *repairRootsBelow(sequence: number): AsyncGenerator<number> {
    for (let isCut = true; isCut;) {
      const found = await this.contexts.rootedBelow(sequence, STEP);
      for (const { context, sequence: missing } of found) await this.contexts.repair(context, missing);
      isCut = found.length === STEP;
      yield 0;
    }
  }

  /** The same for the oldest events of a filter: they lie before the oldest one that is left. */
  private async *repairRootsOfOldest(filter: EventFilter): AsyncGenerator<number> {
    const [oldest] = await this.store.headers(filter, 1);
    const range = oldest === undefined ? filter : narrowed(filter, { until: oldest.position as Position });
    let behind: Position | undefined;
    do {
      const { items, isCut } = await this.contexts.roots(range, { order: 'oldest first', behind, limit: STEP });
      for (const { context, sequence } of items) await this.contexts.repair(context, sequence);
      behind = isCut ? items.at(-1)?.position : undefined;
      if (items.length > 0) yield 0;
    } while (behind !== undefined);
  }
}
