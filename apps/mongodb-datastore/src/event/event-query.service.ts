import { Injectable } from '@nestjs/common';
import { ContextStore } from '../contexts/context-store';
import { EventCounts } from '../log/event-counts';
import { type EventFilter } from '../log/event-filter';
import { EventStore, type ServedEvent } from '../log/event-store';
import { type Position, type SortOrder } from '../log/position';
import { EventNotFound } from './event.errors';
import { type EventPage } from './event-page';

export interface EventSearch {
  readonly filter: EventFilter;
  readonly order: SortOrder;
  /** Only the root event of each context. */
  readonly rootsOnly: boolean;
  readonly behind: Position | undefined;
  readonly pageSize: number;
}

export interface EventBatch {
  readonly events: readonly ServedEvent[];
  /** Place of the last event, when more follow. */
  readonly continuesBehind: Position | undefined;
}

/** How often a page of roots is read again because some turned out to be gone. */
const ROOT_ATTEMPTS = 3;

/** Answers questions about stored events. */
@Injectable()
export class EventQueryService {
  constructor(
    private readonly store: EventStore,
    private readonly counts: EventCounts,
    private readonly contexts: ContextStore,
  ) {}

  /** One page of the events that match, and how many there are. */
  async search(search: EventSearch): Promise<EventPage> {
    const { events, continuesBehind } = await this.batch(search);
    // Most questions, such as for the events of a context, are answered by one page: then there is nothing left to count.
    const isWhole = search.behind === undefined && continuesBehind === undefined;
    const totalCount = isWhole ? events.length : await this.count(search);
    return { events: events.map(({ event }) => event), continuesBehind, pageSize: search.pageSize, totalCount };
  }

  /** One page of the events that match. */
  batch(search: EventSearch): Promise<EventBatch> {
    return search.rootsOnly ? this.roots(search) : this.events(search);
  }

  /** @throws EventNotFound */
  async event(id: string, source?: string): Promise<string> {
    const found = await this.store.newestWithId(id, source);
    if (found === null) throw new EventNotFound(id);
    return found.event;
  }

  private async events({ filter, order, behind, pageSize }: EventSearch): Promise<EventBatch> {
    const { events, isCut } = await this.store.page(filter, { order, behind, limit: pageSize });
    return { events, continuesBehind: isCut ? events.at(-1)?.position : undefined };
  }

  /** To be called after a page of roots is read, which removes records whose root is gone. */
  private count({ filter, rootsOnly }: EventSearch): Promise<number> {
    return rootsOnly ? this.contexts.countRoots(filter) : this.counts.count(filter);
  }

  private async roots({ filter, order, behind, pageSize }: EventSearch): Promise<EventBatch> {
    for (let attempt = 1; ; attempt++) {
      const found = await this.contexts.roots(filter, { order, behind, limit: pageSize + 1 });
      const page = found.slice(0, pageSize);
      const events = await this.store.withSequences(page.map(({ sequence }) => sequence));
      const bySequence = new Map(events.map((event) => [event._id, event]));
      const gone = page.filter(({ sequence }) => !bySequence.has(sequence));
      if (gone.length === 0 || attempt === ROOT_ATTEMPTS) {
        return {
          events: page.flatMap(({ sequence }) => bySequence.get(sequence) ?? []),
          continuesBehind: found.length > pageSize ? page.at(-1)?.position : undefined,
        };
      }
      await Promise.all(gone.map(({ context, sequence }) => this.contexts.repair(context, sequence)));
    }
  }
}
