import { Injectable } from '@nestjs/common';
import { ContextStore } from '../contexts/context-store';
import { type EventFilter } from '../log/event-filter';
import { EventStore } from '../log/event-store';
import { type Position, type SortOrder } from '../log/position';
import { ContextNotFound, EventNotFound } from './event.errors';
import { type EventPage } from './event-page';

export interface EventSearch {
  readonly filter: EventFilter;
  /** Only the root event of each context. */
  readonly rootsOnly: boolean;
  readonly behind: Position | undefined;
  readonly pageSize: number;
}

/** How often a page of roots is read again because some turned out to be gone. */
const ROOT_ATTEMPTS = 3;

/** Answers questions about stored events. */
@Injectable()
export class EventQueryService {
  constructor(
    private readonly store: EventStore,
    private readonly contexts: ContextStore,
  ) {}

  /** One page of the events that match, newest first. */
  search(search: EventSearch): Promise<EventPage> {
    return search.rootsOnly ? this.roots(search) : this.events(search, 'newest first');
  }

  /** @throws EventNotFound */
  async event(id: string, source?: string): Promise<string> {
    const found = await this.store.newestWithId(id, source);
    if (found === null) throw new EventNotFound(id);
    return found.event;
  }

  /**
   * One page of the trace of a context, oldest first.
   *
   * @throws ContextNotFound
   */
  async trace(context: string, behind: Position | undefined, pageSize: number): Promise<EventPage> {
    const filter = { anyOf: { shkeptncontext: [context] } };
    const page = await this.events({ filter, behind, pageSize }, 'oldest first');
    if (page.totalCount === 0) throw new ContextNotFound(context);
    return page;
  }

  private async events(
    { filter, behind, pageSize }: Omit<EventSearch, 'rootsOnly'>,
    order: SortOrder,
  ): Promise<EventPage> {
    const [{ events, isCut }, totalCount] = await Promise.all([
      this.store.page(filter, { order, behind, limit: pageSize }),
      this.store.count(filter),
    ]);
    return {
      events: events.map(({ event }) => event),
      continuesBehind: isCut ? events.at(-1)?.position : undefined,
      pageSize,
      totalCount,
    };
  }

  private async roots({ filter, behind, pageSize }: EventSearch): Promise<EventPage> {
    for (let attempt = 1; ; attempt++) {
      const [found, totalCount] = await Promise.all([
        this.contexts.roots(filter, behind, pageSize + 1),
        this.contexts.countRoots(filter),
      ]);
      const page = found.slice(0, pageSize);
      const events = await this.store.withSequences(page.map(({ sequence }) => sequence));
      const texts = new Map(events.map(({ _id, event }) => [_id, event]));
      const gone = page.filter(({ sequence }) => !texts.has(sequence));
      if (gone.length === 0 || attempt === ROOT_ATTEMPTS) {
        return {
          events: page.flatMap(({ sequence }) => texts.get(sequence) ?? []),
          continuesBehind: found.length > pageSize ? page.at(-1)?.position : undefined,
          pageSize,
          totalCount,
        };
      }
      await Promise.all(gone.map(({ context, sequence }) => this.contexts.repair(context, sequence)));
    }
  }
}
