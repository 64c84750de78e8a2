import { invalidatedTypeOf, revalidatedTypeOf } from '@keptn/event-models';
import { Injectable } from '@nestjs/common';
import { type EventFilter } from '../../log/event-filter';
import { EventStore } from '../../log/event-store';
import { type Position } from '../../log/position';
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

/** An event that was found, and how it is answered. */
interface FoundEvent {
  readonly id: string;
  readonly project?: string;
  readonly position: Position;
  readonly text: string;
}

/** Answers questions about the events of one type. */
@Injectable()
export class EventTypeService {
  constructor(private readonly store: EventStore) {}

  /** @returns JSON texts of the events that match, newest first, at most `limit` */
  async search({ type, filter, excludeInvalidated, omitData, limit }: TypeSearch): Promise<string[]> {
    const texts: string[] = [];
    let behind: Position | undefined;
    do {
      const request = { order: 'newest first', behind, limit: limit - texts.length } as const;
      const batch = await (omitData ? this.attributes(filter, request) : this.events(filter, request));
      const valid = excludeInvalidated ? await this.withoutInvalidated(batch.items, type) : batch.items;
      texts.push(...valid.map(({ text }) => text));
      behind = batch.isCut ? batch.items.at(-1)?.position : undefined;
      // Invalidated events are passed over and do not count, so the search goes on until the limit is reached.
    } while (texts.length < limit && behind !== undefined);
    return texts;
  }

  private async events(filter: EventFilter, request: PageRequest): Promise<Batch<FoundEvent>> {
    const { items, isCut } = await this.store.page(filter, request);
    return { items: items.map(({ event: text, ...event }) => ({ ...event, text })), isCut };
  }

  private async attributes(filter: EventFilter, request: PageRequest): Promise<Batch<FoundEvent>> {
    const { items, isCut } = await this.store.headerPage(filter, request);
    return { items: items.map((event) => ({ ...event, text: attributesOf(event) })), isCut };
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
