import { SETTINGS } from '@keptn/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { CONTEXTS_READER } from '../contexts/context-follower';
import { ContextStore } from '../contexts/context-store';
import { readerOf } from '../delivery/delivery.service';
import { type EventFilter } from '../log/event-filter';
import { EventCounts } from '../log/event-counts';
import { EventRemoval } from '../log/event-removal';
import { EventStore } from '../log/event-store';
import { LogCursors } from '../log/log-cursors';
import { type Instant, instantOf, type Position, positionAt } from '../log/position';
import { type MongodbDatastoreSettings } from '../settings';

/** Events, or contexts, that are looked after in one step. */
const STEP = 500;

/**
 * Which events the settings let expire. The oldest go first, one by one, whatever run they belong to; the record of a run
 * then names the earliest event that is left. An event that a subscriber has yet to get is kept until it has got it.
 */
@Injectable()
export class Expiry {
  private readonly readers: readonly string[];

  constructor(
    private readonly store: EventStore,
    private readonly counts: EventCounts,
    private readonly removal: EventRemoval,
    private readonly contexts: ContextStore,
    private readonly cursors: LogCursors,
    @Inject(SETTINGS) private readonly settings: MongodbDatastoreSettings,
  ) {
    this.readers = [CONTEXTS_READER, ...settings.EVENT_SUBSCRIBERS.map(readerOf)];
  }

  /** Removes what has expired at `now`, step by step; each gives the number of events that it removed. */
  async *steps(now: Date): AsyncGenerator<number> {
    const { RETENTION_MAX_AGE: maxAgeMs, RETENTION_MAX_EVENTS_PER_PROJECT: maxEvents } = this.settings;
    if (maxAgeMs !== undefined) {
      const oldest = instantOf(new Date(now.getTime() - maxAgeMs).toISOString()) as Instant;
      yield* this.remove({ anyOf: {}, until: positionAt(oldest) }, Number.POSITIVE_INFINITY);
    }
    if (maxEvents === undefined) return;
    for await (const project of this.store.projects()) {
      const ofProject = { anyOf: { project: [project] } };
      yield* this.remove(ofProject, (await this.counts.count(ofProject)) - maxEvents);
    }
  }

  /** Removes the oldest events that match, `excess` of them at most. */
  private async *remove(filter: EventFilter, excess: number): AsyncGenerator<number> {
    const upToSequence = await this.cursors.passedByAll(this.readers);
    for (let left = excess; left > 0;) {
      const expired = await this.store.headers({ ...filter, upToSequence }, Math.min(left, STEP));
      if (expired.length === 0) break;
      await this.removal.remove(expired);
      left -= expired.length;
      yield expired.length;
    }
    yield* this.repairRoots(filter);
  }

  /** Records whose root is gone lie before the earliest event that is left, so a crash on the way leaves none unseen. */
  private async *repairRoots(filter: EventFilter): AsyncGenerator<number> {
    const [earliest] = await this.store.headers({ anyOf: filter.anyOf }, 1);
    const until = earlier(earliest?.position as Position | undefined, filter.until);
    const range = { ...filter, ...(until !== undefined && { until }) };
    let behind: Position | undefined;
    do {
      const { items, isCut } = await this.contexts.roots(range, { order: 'oldest first', behind, limit: STEP });
      for (const { context, sequence } of items) await this.contexts.repair(context, sequence);
      behind = isCut ? items.at(-1)?.position : undefined;
      if (items.length > 0) yield 0;
    } while (behind !== undefined);
  }
}

const earlier = (one: Position | undefined, other: Position | undefined): Position | undefined =>
  one === undefined || (other !== undefined && other < one) ? other : one;
