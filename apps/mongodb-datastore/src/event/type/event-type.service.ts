import { invalidatedTypeOf, revalidatedTypeOf } from '@keptn/event-models';
import { Injectable } from '@nestjs/common';
import { type EventFilter } from '../../log/event-filter';
import { EventStore, QUERY_TIMEOUT_MS } from '../../log/event-store';
import { QueryTooSlow } from '../../log/log.errors';
import { type Position, sequenceIn } from '../../log/position';
import { type Batch, type PageRequest } from '../../log/served-order';
import { attributesOf } from './event-attributes';

export interface TypeSearch {
  readonly type: string;
  readonly filter: EventFilter;
  readonly excludeInvalidated: boolean;
  /** Answer attributes only. */
  readonly omitData: boolean;
  readonly limit: number;
}

/** An event that was found. */
interface FoundEvent {
  readonly id: string;
  readonly project?: string;
  readonly position: Position;
  /** How it is answered, when that was read as well. */
  readonly text?: string;
}

/** Events that are looked through at once behind invalidated ones, of which there may be any number. */
const SEARCH_STEP = 100;

/** Answers questions about the events of one type. */
@Injectable()
export class EventTypeService {
  constructor(private readonly store: EventStore) {}

  /**
   * @param signal ends the search; nobody reads what it found then
   * @returns JSON texts of the events that match, newest first, at most `limit`
   * @throws QueryTooSlow
   */
  async search(search: TypeSearch, signal: AbortSignal): Promise<string[]> {
    const { type, filter, excludeInvalidated, omitData, limit } = search;
    const found: FoundEvent[] = [];
    const end = performance.now() + QUERY_TIMEOUT_MS;
    let behind: Position | undefined;
    do {
      const missing = limit - found.length;
      const isFirst = behind === undefined;
      const request = {
        order: 'newest first',
        behind,
        limit: isFirst ? missing : Math.max(missing, SEARCH_STEP),
      } as const;
      const batch = await (omitData ? this.attributes(filter, request) : this.events(filter, request, isFirst));
      const valid = excludeInvalidated ? await this.withoutInvalidated(batch.items, type) : batch.items;
      found.push(...valid.slice(0, missing));
      // Invalidated events are passed over and do not count, so the search goes on until the limit is reached.
      behind = batch.isCut && found.length < limit ? batch.items.at(-1)?.position : undefined;
      if (behind !== undefined && performance.now() > end) throw new QueryTooSlow();
    } while (behind !== undefined && !signal.aborted);
    return this.textsOf(found);
  }

  /** @param withTexts false when most are expected to be passed over */
  private async events(filter: EventFilter, request: PageRequest, withTexts: boolean): Promise<Batch<FoundEvent>> {
    if (!withTexts) return this.store.headerPage(filter, request);
    const { items, isCut } = await this.store.page(filter, request);
    return { items: items.map(({ event: text, ...event }) => ({ ...event, text })), isCut };
  }

  private async attributes(filter: EventFilter, request: PageRequest): Promise<Batch<FoundEvent>> {
    const { items, isCut } = await this.store.headerPage(filter, request);
    return { items: items.map((event) => ({ ...event, text: attributesOf(event) })), isCut };
  }

  private async textsOf(found: readonly FoundEvent[]): Promise<string[]> {
    const unread = found.filter(({ text }) => text === undefined).map(({ position }) => sequenceIn(position));
    const read = unread.length === 0 ? [] : await this.store.withSequences(unread);
    const texts = new Map(read.map(({ position, event }) => [position, event]));
    return found.flatMap(({ position, text }) => text ?? texts.get(position) ?? []);
  }

  /** An event is invalidated by one of its own project that names it as `triggeredid` (contract 5.4), unless a later one revalidates it. */
  private async withoutInvalidated(events: readonly FoundEvent[], type: string): Promise<readonly FoundEvent[]> {
    if (events.length === 0) return [];
    const invalidatedType = invalidatedTypeOf(type);
    const answers = await this.store.answersTo(
      events.map(({ id }) => id),
      [invalidatedType, revalidatedTypeOf(type)],
    );
    const lastAnswers = new Map(
      answers.map((answer) => [keyOf(answer.triggeredid ?? '', answer.project), answer.type]),
    );
    return events.filter(({ id, project }) => lastAnswers.get(keyOf(id, project)) !== invalidatedType);
  }
}

const keyOf = (id: string, project: string | undefined): string => JSON.stringify([id, project ?? null]);
