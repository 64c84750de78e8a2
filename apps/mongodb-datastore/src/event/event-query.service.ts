import { Injectable } from '@nestjs/common';
import { ContextStore } from '../contexts/context-store';
import { EventCounts } from '../log/event-counts';
import { type EventFilter } from '../log/event-filter';
import { EventStore, type ServedEvent } from '../log/event-store';
import { type Position, type SortOrder } from '../log/position';
import { type PageRequest } from '../log/served-order';
import { EventNotFound } from './event.errors';
import { type EventPage, isFirstPage, nextKey, type PageStart } from './event-page';

export interface EventSearch {
  readonly filter: EventFilter;
  readonly order: SortOrder;
  /** Only the root event of each context. */
  readonly rootsOnly: boolean;
  readonly start: PageStart;
  readonly pageSize: number;
}

export interface EventBatch {
  readonly events: readonly ServedEvent[];
  /** Position of the last event, when more follow. */
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
    const { start, pageSize } = search;
    const { events, continuesBehind } = await this.batch(search);
    // Most questions, such as for the events of a context, are answered by one page: then there is nothing left to count.
    const isWhole = isFirstPage(start) && continuesBehind === undefined;
    const totalCount = isWhole ? events.length : await this.count(search);
    const nextPageKey = continuesBehind === undefined ? undefined : nextKey(start, pageSize, continuesBehind);
    return { events: events.map(({ event }) => event), nextPageKey, pageSize, totalCount };
  }

  /** One page of the events that match. */
  async batch({ filter, order, rootsOnly, start, pageSize }: EventSearch): Promise<EventBatch> {
    const source = rootsOnly ? this.contexts : this.store;
    const behind =
      start.offset === undefined || start.offset === 0
        ? start.behind
        : await source.positionOfOffset(filter, order, start.offset);
    if (behind === undefined && !isFirstPage(start)) return { events: [], continuesBehind: undefined };
    const page = { order, behind, limit: pageSize };
    return rootsOnly ? this.roots(filter, page) : this.events(filter, page);
  }

  /**
   * The newest event that matches.
   *
   * @param id that the filter asks for
   * @throws EventNotFound
   */
  async event(filter: EventFilter, id: string): Promise<string> {
    const found = await this.store.newest(filter);
    if (found === null) throw new EventNotFound(id);
    return found.event;
  }

  private async events(filter: EventFilter, page: PageRequest): Promise<EventBatch> {
    const { items, isCut } = await this.store.page(filter, page);
    return { events: items, continuesBehind: isCut ? items.at(-1)?.position : undefined };
  }

  /** To be called after a page of roots is read, which removes records whose root is gone. */
  private count({ filter, rootsOnly }: EventSearch): Promise<number> {
    return rootsOnly ? this.contexts.countRoots(filter) : this.counts.count(filter);
  }

  private async roots(filter: EventFilter, page: PageRequest): Promise<EventBatch> {
    for (let attempt = 1; ; attempt++) {
      const { items, isCut } = await this.contexts.roots(filter, page);
      const events = await this.store.withSequences(items.map(({ sequence }) => sequence));
      const bySequence = new Map(events.map((event) => [event._id, event]));
      const gone = items.filter(({ sequence }) => !bySequence.has(sequence));
      if (gone.length === 0 || attempt === ROOT_ATTEMPTS) {
        return {
          events: items.flatMap(({ sequence }) => bySequence.get(sequence) ?? []),
          continuesBehind: isCut ? items.at(-1)?.position : undefined,
        };
      }
      await Promise.all(gone.map(({ context, sequence }) => this.contexts.repair(context, sequence)));
    }
  }
}
