import { type eventLogApi } from '@keptn/api-models';
import { type Client, createClient, type InputOf } from '@keptn/api-models/client';
import { type KeptnEvent, stringifyJson, toWire } from '@keptn/event-models';
import { type OnApplicationShutdown } from '@nestjs/common';
import { z } from 'zod';
import { ServiceClient } from '../client/service-client';
import { BadGateway, RelayedError } from '../errors/service-error';
import { EventRefused } from './event-refused';
import { groupsOf, isFilterable, type LatestSearch, latestQuery } from './latest-query';
import { type LoggedEvent, type NumberedEvent, readLogged } from './logged-event';

/** Largest page that the log serves. */
const PAGE_SIZE = 100;

export interface EventLogOptions {
  /** Base URL of mongodb-datastore. */
  readonly url: string;
  readonly token: string;
}

/** What all events of an answer have in common. */
export interface EventSearch {
  readonly keptnContext?: string | undefined;
  readonly type?: string;
  readonly source?: string;
  readonly project?: string;
  readonly stage?: string;
  readonly service?: string;
  /** RFC 3339; only later events. */
  readonly fromTime?: string;
  /** RFC 3339; only earlier events. */
  readonly beforeTime?: string;
  /** Only the first event of each context. */
  readonly root?: 'true';
}

/** Which event of the log: what was read under its sequence number once is the same for ever. */
export interface EventHead {
  readonly id: string;
  readonly source: string;
  readonly sequence: string;
}

export interface AmongSearch {
  readonly type: string;
  readonly project: string;
  readonly key: 'id' | 'triggeredid';
  readonly values: readonly string[];
}

/** A part of the events that match, newest first. */
export interface EventPage {
  readonly events: readonly LoggedEvent[];
  /** Of the next page; undefined when there is none. */
  readonly nextPageKey: string | undefined;
}

export interface PageRequest {
  /** 1 to 100. */
  readonly pageSize: number;
  /** Of the page before; undefined for the first one. */
  readonly nextPageKey: string | undefined;
}

/** `invalid` events are refused by the log for good, those of a deleted project are not wanted any more. */
export type StoreOutcome = 'stored' | 'stored before' | 'project deleted' | 'invalid';

type SentEvent = InputOf<typeof eventLogApi.storeEvent>['body'];

const page = z.object({ events: z.array(z.unknown()).nullable(), nextPageKey: z.string().optional() });

const contextPage = z.object({
  hasMore: z.boolean(),
  events: z.array(z.object({ sequence: z.int(), storedAt: z.string().optional(), event: z.unknown() })),
});

const heads = z.object({
  events: z.array(z.object({ id: z.string(), source: z.string().default(''), sequence: z.string() })),
});

const stored = z.object({ id: z.string() });

const batchResults = z.array(
  z.object({ status: z.int(), message: z.string().optional(), reason: z.string().optional() }),
);

/** Most text of a context, in characters; it takes several times as much memory. */
const CONTEXT_TEXT_LIMIT = 64 * 1024 * 1024;

/** What an event counts at least, in characters: its objects take memory, however short it is, and decisions look through all events. */
const LEAST_EVENT_TEXT = 4 * 1024;

const CREATED = 201;

/** Events with more text than this together, in characters, are stored one by one: a request has a limit. */
const BATCH_TEXT_LIMIT = 1024 * 1024;

/**
 * The event log, as a service that reacts to events reads and writes it. Everything throws ServiceUnavailable, GatewayTimeout or
 * BadGateway when the log cannot be asked.
 */
export class EventLog implements OnApplicationShutdown {
  private readonly client: ServiceClient;
  private readonly call: Client<typeof eventLogApi>;

  constructor(options: EventLogOptions) {
    this.client = new ServiceClient({ ...options, name: 'mongodb-datastore' });
    this.call = createClient<typeof eventLogApi>(({ method, path, body, headers = {} }) =>
      this.client.request({
        ...{ method, path, headers },
        // Numbers in events must stay as they are spelled.
        ...(body !== undefined && { rawBody: stringifyJson(body) }),
      }),
    );
  }

  /**
   * Stores an event durably; by its source and id it is stored once. What is stored first stays, also when a repeat says something
   * else.
   *
   * @throws RelayedError when the log refuses the event for a passing reason
   */
  async store(event: KeptnEvent): Promise<StoreOutcome> {
    try {
      const answer = await this.call('POST /event', {
        body: toWire(event) as SentEvent,
        headers: { 'content-type': 'application/cloudevents+json' },
      });
      if (!stored.safeParse(answer).success)
        throw new BadGateway('mongodb-datastore did not say that it stored an event');
      return 'stored';
    } catch (error) {
      const outcome = error instanceof RelayedError ? REFUSALS.get(error.reason) : undefined;
      if (outcome === undefined) throw error;
      return outcome;
    }
  }

  /**
   * Like {@link store} for several events, if possible in one request. They get their numbers in this order; when it throws, any of them
   * may be stored.
   */
  async storeEach(events: readonly KeptnEvent[]): Promise<readonly StoreOutcome[]> {
    const texts = events.map((event) => stringifyJson(toWire(event)));
    const length = texts.reduce((sum, text) => sum + text.length, 0);
    if (texts.length < 2 || length > BATCH_TEXT_LIMIT) return this.storeInTurn(events);
    try {
      return await this.storeBatch(texts);
    } catch (error) {
      // One event makes the whole request invalid, such as one that is nested too deep. Which one, each says for itself.
      if (error instanceof RelayedError && error.reason === INVALID_JSON) return this.storeInTurn(events);
      throw error;
    }
  }

  /** The event of this id and source, undefined when there is none. */
  async event(id: string, source?: string): Promise<LoggedEvent | undefined> {
    try {
      return readLogged(await this.call('GET /event/{id}', { parameters: { id }, query: { source } }));
    } catch (error) {
      if (error instanceof RelayedError && error.reason === 'EVENT_NOT_FOUND') return undefined;
      throw error;
    }
  }

  /**
   * The events of a Keptn context, in the order in which they were stored.
   *
   * @throws EventRefused when they are more than fits into the memory
   */
  async context(keptnContext: string): Promise<readonly NumberedEvent[]> {
    const found: NumberedEvent[] = [];
    let after = 0;
    let length = 0;
    for (;;) {
      const { hasMore, events } = await this.contextPage(keptnContext, after);
      for (const { event, ...place } of events) found.push({ ...readLogged(event), ...place });
      if (!hasMore) return found;
      after = events.at(-1)?.sequence ?? after;
      length += Math.max(JSON.stringify(events).length, events.length * LEAST_EVENT_TEXT);
      if (length > CONTEXT_TEXT_LIMIT) {
        throw new EventRefused(
          `the events of Keptn context ${keptnContext} are too many or too large to be looked at together; ` +
            'send further ones in a context of their own',
        );
      }
    }
  }

  /** Every event that matches, by time, oldest first, read page by page. */
  async *events(search: EventSearch): AsyncGenerator<LoggedEvent, void> {
    let nextPageKey: string | undefined = '';
    while (nextPageKey !== undefined) {
      const query = { ...search, order: 'oldest', pageSize: String(PAGE_SIZE), nextPageKey } as const;
      const answer: EventPage = pageOf(await this.call('GET /event', { query }));
      yield* answer.events;
      nextPageKey = answer.nextPageKey;
    }
  }

  /** Like {@link events}, for searches that find few. */
  async list(search: EventSearch): Promise<readonly LoggedEvent[]> {
    const found: LoggedEvent[] = [];
    for await (const event of this.events(search)) found.push(event);
    return found;
  }

  /**
   * The events that match, newest first.
   *
   * @throws RelayedError INVALID_PAGE_KEY
   */
  async page(search: EventSearch, { pageSize, nextPageKey }: PageRequest): Promise<EventPage> {
    const query = { ...search, pageSize: String(pageSize), nextPageKey };
    return pageOf(await this.call('GET /event', { query }));
  }

  /**
   * The latest events of a type, newest first, without those that were invalidated unless asked for.
   *
   * @throws RangeError for a value that the log's filter cannot hold: with a comma, or with ` AND `
   */
  async latest({ type, ...search }: LatestSearch): Promise<readonly LoggedEvent[]> {
    const query = latestQuery(search);
    return pageOf(await this.call('GET /event/type/{eventType}', { parameters: { eventType: type }, query })).events;
  }

  /** Like {@link latest}, for callers that know most of the events already. */
  async latestHeads({ type, ...search }: LatestSearch): Promise<readonly EventHead[]> {
    const query = { ...latestQuery(search), omitData: 'true' };
    const answer = await this.call('GET /event/type/{eventType}', { parameters: { eventType: type }, query });
    const result = heads.safeParse(answer);
    if (!result.success) throw new BadGateway('mongodb-datastore sent an answer that is not a list of events');
    return result.data.events;
  }

  /**
   * The events of a type and project whose key is one of the values. Values that no filter can hold find nothing, and of more than
   * 100 events to 100 values only the latest are found.
   */
  async among({ type, project, key, values }: AmongSearch): Promise<readonly LoggedEvent[]> {
    if (!isFilterable(project)) return [];
    const groups = groupsOf([...new Set(values)].filter(isFilterable), PAGE_SIZE);
    const found = groups.map((group) =>
      this.latest({ type, filter: { 'data.project': project, [key]: group }, limit: PAGE_SIZE, validity: 'any' }),
    );
    return (await Promise.all(found)).flat();
  }

  private async contextPage(keptnContext: string, after: number): Promise<z.infer<typeof contextPage>> {
    const query = after === 0 ? {} : { after: String(after) };
    const answer = await this.call('GET /reader/context/{keptnContext}', { parameters: { keptnContext }, query });
    const result = contextPage.safeParse(answer);
    if (!result.success) throw new BadGateway('mongodb-datastore sent an answer that is not a part of a Keptn context');
    return result.data;
  }

  private async storeInTurn(events: readonly KeptnEvent[]): Promise<readonly StoreOutcome[]> {
    const outcomes: StoreOutcome[] = [];
    for (const event of events) outcomes.push(await this.store(event));
    return outcomes;
  }

  private async storeBatch(texts: readonly string[]): Promise<readonly StoreOutcome[]> {
    const answer = await this.client.request({
      ...{ method: 'POST', path: '/event', contentType: 'application/cloudevents-batch+json' },
      rawBody: `[${texts.join()}]`,
    });
    const results = batchResults.safeParse(answer).data;
    if (results?.length !== texts.length)
      throw new BadGateway('mongodb-datastore did not say what became of each event');
    return results.map(({ status, message = '', reason = '' }) => {
      const outcome = status === CREATED ? 'stored' : REFUSALS.get(reason);
      if (outcome === undefined) throw this.client.failure(status, message, reason);
      return outcome;
    });
  }

  onApplicationShutdown(): Promise<void> {
    return this.client.close();
  }
}

/** What is no JSON to the log. */
const INVALID_JSON = 'INVALID_JSON';

/** Refusals that no repeat will change, by their reason. */
const REFUSALS: ReadonlyMap<string, StoreOutcome> = new Map([
  ['EVENT_EXISTS', 'stored before'],
  ['PROJECT_DELETED', 'project deleted'],
  ['INVALID_EVENT', 'invalid'],
  [INVALID_JSON, 'invalid'],
  ['EVENT_TOO_LARGE', 'invalid'],
  ['PAYLOAD_TOO_LARGE', 'invalid'],
] as const);

function pageOf(answer: unknown): EventPage {
  const result = page.safeParse(answer);
  if (!result.success) throw new BadGateway('mongodb-datastore sent an answer that is not a page of events');
  return { events: (result.data.events ?? []).map(readLogged), nextPageKey: result.data.nextPageKey };
}
