import type { eventLogApi } from '@keptn/api-models';
import { type Client, createClient, type InputOf } from '@keptn/api-models/client';
import { type KeptnEvent, stringifyJson, toWire } from '@keptn/event-models';
import { type OnApplicationShutdown } from '@nestjs/common';
import { z } from 'zod';
import { ServiceClient } from '../client/service-client';
import { BadGateway, RelayedError } from '../errors/service-error';
import { type LoggedEvent, readLogged } from './logged-event';

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
  /** Only the first event of each context. */
  readonly root?: 'true';
}

export interface LatestSearch {
  readonly type: string;
  /** By the keys of the log's filter, such as `data.project`; of several values one must be there. */
  readonly filter: Readonly<Record<string, string | readonly string[]>>;
  /** 1 to 100. */
  readonly limit: number;
  /** `any` finds events that were invalidated as well. */
  readonly validity?: 'valid' | 'any';
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

const stored = z.object({ id: z.string() });

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

  /** The event of this id and source, undefined when there is none. */
  async event(id: string, source?: string): Promise<LoggedEvent | undefined> {
    try {
      return readLogged(await this.call('GET /event/{id}', { parameters: { id }, query: { source } }));
    } catch (error) {
      if (error instanceof RelayedError && error.reason === 'EVENT_NOT_FOUND') return undefined;
      throw error;
    }
  }

  /** Every event that matches, oldest first, read page by page. */
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
  async latest({ type, filter, limit, validity = 'valid' }: LatestSearch): Promise<readonly LoggedEvent[]> {
    const query = {
      filter: filterText(filter),
      limit: String(limit),
      excludeInvalidated: String(validity === 'valid'),
    };
    return pageOf(await this.call('GET /event/type/{eventType}', { parameters: { eventType: type }, query })).events;
  }

  /**
   * The events of a type and project whose key is one of the values. Values that no filter can hold find nothing, and of more than
   * 100 events to 100 values only the latest are found.
   */
  async among({ type, project, key, values }: AmongSearch): Promise<readonly LoggedEvent[]> {
    if (!isFilterable(project)) return [];
    const groups = groupsOf([...new Set(values)].filter(isFilterable));
    const found = groups.map((group) =>
      this.latest({ type, filter: { 'data.project': project, [key]: group }, limit: PAGE_SIZE, validity: 'any' }),
    );
    return (await Promise.all(found)).flat();
  }

  onApplicationShutdown(): Promise<void> {
    return this.client.close();
  }
}

/** Refusals that no repeat will change, by their reason. */
const REFUSALS: ReadonlyMap<string, StoreOutcome> = new Map([
  ['EVENT_EXISTS', 'stored before'],
  ['PROJECT_DELETED', 'project deleted'],
  ['INVALID_EVENT', 'invalid'],
  ['EVENT_TOO_LARGE', 'invalid'],
  ['PAYLOAD_TOO_LARGE', 'invalid'],
] as const);

function filterText(filter: LatestSearch['filter']): string {
  return Object.entries(filter)
    .map(([key, values]) => `${key}:${[values].flat().map(filterValue).join(',')}`)
    .join(' AND ');
}

function filterValue(value: string): string {
  if (!isFilterable(value)) throw new RangeError(`no filter can hold ${JSON.stringify(value)}`);
  return value;
}

/** An id of an event is at most this long, in characters. */
const LONGEST_VALUE = 512;

const isFilterable = (value: string): boolean =>
  value !== '' && value.length <= LONGEST_VALUE && !value.includes(',') && !value.includes(' AND ');

/** What the values of one request may have together, percent-encoded: the head of a request is limited to 16 KiB. */
const GROUP_LENGTH = 8_000;

function groupsOf(values: readonly string[]): readonly (readonly string[])[] {
  const groups: string[][] = [];
  let length = 0;
  for (const value of values) {
    const encodedLength = encodeURIComponent(value).length;
    const group = groups.at(-1);
    length += encodedLength;
    if (group === undefined || group.length === PAGE_SIZE || length > GROUP_LENGTH) {
      groups.push([value]);
      length = encodedLength;
    } else {
      group.push(value);
    }
  }
  return groups;
}

function pageOf(answer: unknown): EventPage {
  const result = page.safeParse(answer);
  if (!result.success) throw new BadGateway('mongodb-datastore sent an answer that is not a page of events');
  return { events: (result.data.events ?? []).map(readLogged), nextPageKey: result.data.nextPageKey };
}
