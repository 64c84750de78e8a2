import { randomUUID } from 'node:crypto';
import { type ChannelTickets } from '@keptn/auth';
import { type AnswerOf, batchResults, type EventContext, type eventLogApi } from '@keptn/api-models';
import { type Client, createClient } from '@keptn/api-models/client';
import {
  isJsonObject,
  type JsonObject,
  type KeptnContext,
  type KeptnEvent,
  parseJson,
  stringifyJson,
  toKeptnContext,
  toWire,
  type TypedEvent,
} from '@keptn/event-models';
import {
  BadGateway,
  currentRequestContext,
  GroupCommit,
  noteKeptnContext,
  RelayedError,
  ServiceClient,
  ServiceError,
} from '@keptn/service-kit';
import { type OnApplicationShutdown } from '@nestjs/common';

/** The source of events that this service sends of itself (contract 3.0). */
export const API_SOURCE = 'https://github.com/keptn/keptn/api';

/** Events of Keptn carry an object; only into one can `eventContext` be written. */
export interface EventWithObject extends Omit<KeptnEvent, 'data'> {
  readonly data: JsonObject;
}

export type NewEvent = EventWithObject & { readonly id: string; readonly shkeptncontext: KeptnContext };

/** An event that this service sends of itself. */
export const newEvent = (keptnContext: KeptnContext, { type, data }: TypedEvent): NewEvent => ({
  specversion: '0.2',
  id: randomUUID(),
  time: new Date().toISOString(),
  datacontenttype: 'application/json',
  source: API_SOURCE,
  type,
  shkeptncontext: keptnContext,
  data,
  extensions: {},
});

/**
 * Events that come at the same time share a request, which costs as much as several events do. A second one keeps the log at work
 * while an answer travels, but two small ones cost more than the one that they would be. Sizes are characters.
 */
const BATCH_LIMITS = { items: 100, size: 1024 * 1024, groups: 2, itemsBeside: 16 };

/** With these a batch is refused as a whole, although a single event may be the reason: not readable, or too large. */
const MAY_BE_OF_ONE_EVENT: ReadonlySet<number> = new Set([400, 413]);

/** Shorter than the time that the log has to begin an answer. */
const LONGEST_POLL_MS = 10_000;

/** Of an `Idempotency-Key`. */
export type FirstUse = AnswerOf<typeof eventLogApi.claimIdempotencyKey>;

/** What is known of an event that was announced and is due. */
export type DueEvent = AnswerOf<typeof eventLogApi.listDueEvents>['events'][number];

const millisecondOf = (event: JsonObject | undefined): number => {
  const time = event?.['time'];
  return typeof time === 'string' ? Date.parse(time) : Number.NaN;
};

/** A null marks an event that came through the API: those who it is delivered to get a ticket there (contract 7.2). */
const storedForm = (event: EventWithObject) => toWire({ ...event, data: { ...event.data, eventContext: null } });

const noContext = () => new BadGateway('mongodb-datastore did not say in which context it stored an event');

/** What this service asks of mongodb-datastore. */
export class EventLogClient implements OnApplicationShutdown {
  private readonly client: ServiceClient;
  private readonly call: Client<typeof eventLogApi>;
  private readonly batches = new GroupCommit<string, string>(BATCH_LIMITS, (events) => this.storeEach(events));

  constructor(
    url: string,
    token: string,
    private readonly tickets: ChannelTickets,
  ) {
    this.client = new ServiceClient({ name: 'mongodb-datastore', url, token, parseJson });
    this.call = createClient<typeof eventLogApi>((request) => this.client.request(request));
  }

  /**
   * Stores an event durably, in the Keptn context that it names or in a new one. The same event again, by its source and id, is
   * stored once.
   *
   * @param event its data must be an object
   * @returns the context, and a ticket for the context's websocket channel
   */
  append(event: EventWithObject): Promise<EventContext> {
    return this.record(event, (text) => this.batches.add(text, text.length));
  }

  /** @returns what is known of the first request that came with this `Idempotency-Key`, which may be this one */
  firstUseOf(key: string, fingerprint: string): Promise<FirstUse> {
    return this.call('POST /idempotency-key', { body: { key, fingerprint } });
  }

  /** Begins a Keptn context: what this request does from now on, in other services as well, belongs to it. */
  newContext(): KeptnContext {
    const keptnContext = toKeptnContext();
    noteKeptnContext(keptnContext);
    return keptnContext;
  }

  /** What a client is told of an event in this Keptn context. */
  contextFor(keptnContext: string): EventContext {
    return { keptnContext, token: this.tickets.issue(keptnContext, currentRequestContext()?.actor) };
  }

  /**
   * Stores an event of a change that this service has made, in a request of its own: that a project is deleted is answered
   * when its events are, and others must not wait for that.
   */
  store(event: EventWithObject): Promise<EventContext> {
    return this.record(event, (text) => this.storeAlone(text));
  }

  /**
   * Keeps an event outside of the log until it is stored, published or withdrawn.
   *
   * @param dueInMs when it is certain whether the change that it tells of is made
   */
  async announce(event: NewEvent, dueInMs: number): Promise<void> {
    const rawBody = stringifyJson({ event: storedForm(event), dueInMs });
    await this.client.request({ method: 'POST', path: ['pending-event'], rawBody });
  }

  /** The events that are due and neither stored nor withdrawn. */
  async dueEvents(): Promise<readonly DueEvent[]> {
    return (await this.call('GET /pending-event')).events;
  }

  /** Stores an event that was announced, unless it is stored or withdrawn already. */
  async publish(id: string): Promise<void> {
    await this.call('POST /pending-event/{id}/publication', { parameters: { id } });
  }

  /** The change that the event tells of was not made. */
  async withdraw(id: string): Promise<void> {
    await this.call('DELETE /pending-event/{id}', { parameters: { id } });
  }

  /** Sequence number of the end of the log. */
  async position(): Promise<number> {
    return (await this.call('GET /reader/position')).position;
  }

  /** The event that a context began with, undefined when there is none. */
  async first(keptnContext: string): Promise<JsonObject | undefined> {
    const { events } = await this.call('GET /event', { query: { keptnContext, order: 'oldest', pageSize: '1' } });
    return events.flatMap((event) => (isJsonObject(event) ? [event] : []))[0];
  }

  /**
   * The event of this type with the latest time in the context, undefined when there is none.
   *
   * @param isVisible whether the caller may see it
   */
  async latest(
    keptnContext: string,
    type: string,
    isVisible: (event: JsonObject) => boolean,
  ): Promise<JsonObject | undefined> {
    const { events } = await this.call('GET /event', { query: { keptnContext, type, pageSize: '100' } });
    const [first, ...others] = events.flatMap((event) => (isJsonObject(event) && isVisible(event) ? [event] : []));
    // Of the events of one millisecond the last one arrived last.
    return others.findLast((event) => millisecondOf(event) === millisecondOf(first)) ?? first;
  }

  /**
   * The event of this type in the context as soon as it is there.
   *
   * @param waitMs milliseconds
   * @returns undefined when none came in this time, or the log could not be asked
   */
  async awaited(keptnContext: string, type: string, waitMs: number): Promise<JsonObject | undefined> {
    const deadline = Date.now() + waitMs;
    for (let left = waitMs; left > 0; left = deadline - Date.now()) {
      const wait = `${Math.ceil(Math.min(left, LONGEST_POLL_MS))}ms`;
      try {
        const { events } = await this.call('GET /event', { query: { keptnContext, type, pageSize: '1', wait } });
        const [event] = events;
        if (isJsonObject(event)) return event;
      } catch (error) {
        if (error instanceof ServiceError) return undefined;
        throw error;
      }
    }
    return undefined;
  }

  onApplicationShutdown(): Promise<void> {
    return this.client.close();
  }

  /** @param store stores the text of an event and gives the context that it is stored in */
  private async record(event: EventWithObject, store: (text: string) => Promise<string>): Promise<EventContext> {
    const keptnContext = toKeptnContext(event.shkeptncontext);
    noteKeptnContext(keptnContext);
    return this.contextFor(await store(stringifyJson(storedForm({ ...event, shkeptncontext: keptnContext }))));
  }

  private async storeAlone(event: string): Promise<string> {
    const [outcome = noContext()] = await this.storeEach([event]);
    if (outcome instanceof ServiceError) throw outcome;
    return outcome;
  }

  /**
   * Stores a batch, or its halves when it is refused, so that no event is refused for another that came at the same time.
   *
   * @returns the context in which each event is stored, or why it is not
   */
  private async storeEach(events: readonly string[]): Promise<(string | ServiceError)[]> {
    try {
      return await this.storeTogether(events);
    } catch (error) {
      if (!(error instanceof RelayedError) || !MAY_BE_OF_ONE_EVENT.has(error.status)) throw error;
      if (events.length === 1) return [error];
      const middle = Math.ceil(events.length / 2);
      const halves = [events.slice(0, middle), events.slice(middle)];
      return (await Promise.all(halves.map((half) => this.storeEach(half)))).flat();
    }
  }

  /** @throws ServiceError when none is stored, or nobody knows */
  private async storeTogether(events: readonly string[]): Promise<(string | ServiceError)[]> {
    const answer = await this.client.request({
      method: 'POST',
      path: ['event'],
      contentType: 'application/cloudevents-batch+json',
      rawBody: `[${events.join(',')}]`,
    });
    const results = batchResults.safeParse(answer);
    if (!results.success || results.data.length !== events.length) {
      throw noContext();
    }
    return results.data.map(
      ({ shkeptncontext, status, message = 'it gave no reason', reason }) =>
        shkeptncontext ?? this.client.failure(status, message, reason),
    );
  }
}
