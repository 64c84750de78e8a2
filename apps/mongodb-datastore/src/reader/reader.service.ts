import { CONTEXT_PAGE_SIZE } from '@keptn/api-models';
import { Injectable } from '@nestjs/common';
import { EventStore } from '../log/event-store';
import { LogCursors } from '../log/log-cursors';
import { StableLog } from '../log/stable-log';

/** What those need who read the whole log from outside, each event once and in order. */
@Injectable()
export class ReaderService {
  constructor(
    private readonly log: StableLog,
    private readonly store: EventStore,
    private readonly cursors: LogCursors,
  ) {}

  /** @returns the next events as JSON, their texts as they are stored */
  async page(after: number, limit: number): Promise<string> {
    const { events, position, hasMore } = await this.log.readAfter(after, limit);
    const items = events.map(({ _id, event }) => `{"sequence":${_id},"event":${event}}`);
    return `{"position":${position},"hasMore":${hasMore},"events":[${items.join()}]}`;
  }

  /** @returns the next events of a context as JSON, their texts as they are stored */
  async context(keptnContext: string, after: number): Promise<string> {
    const { events, hasMore } = await this.store.ofContext(keptnContext, after, CONTEXT_PAGE_SIZE);
    const items = events.map(({ _id, arrival, event }) => {
      const storedAt = arrival === undefined ? '' : `"storedAt":"${arrival.toISOString()}",`;
      return `{"sequence":${_id},${storedAt}"event":${event}}`;
    });
    return `{"hasMore":${hasMore},"events":[${items.join()}]}`;
  }

  /**
   * @param time undefined for the end of the log
   * @returns the number behind which the events begin that came in at this time or later
   */
  async position(time: Date | undefined): Promise<number> {
    if (time === undefined) return (await this.log.end()).position;
    // Numbers are given in the order of arrival, so the first one that is late enough is found by halving.
    let low = 0;
    let high = await this.store.highestSequence();
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const [next] = await this.store.headersAfter(middle, 1);
      if (next === undefined || (next.arrival ?? next.time) >= time) high = middle;
      else low = next._id;
    }
    return low;
  }

  announce(name: string, position: number): Promise<void> {
    return this.cursors.announce(name, position);
  }
}
