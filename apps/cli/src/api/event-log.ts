import type { eventLogApi, ImportReport } from '@keptn/api-models';
import { createClient, createRequests, type InputOf } from '@keptn/api-models/client';
import { type JsonObject, parseJson } from '@keptn/event-models/json';
import { EventStream, type EventStreamOptions } from './event-stream';
import { type HttpClient } from './http-client';
import { NO_FURTHER_PAGE } from './pages';
import { waitOf } from './wait';

const ROOT = '/mongodb-datastore';

/** Filters of the event log (contract 5.3). */
export type EventFilter = Omit<
  NonNullable<InputOf<typeof eventLogApi.streamEvents>['query']>,
  'heartbeat' | 'lastEventId' | 'recent'
>;

const requestOf = createRequests<typeof eventLogApi>();

/** One event a line. */
const LINES = 'application/x-ndjson';

export interface EventPages {
  readonly pageSize: number;
  /** How many pages to read at most. */
  readonly pages: number;
  /** How long to wait for the first event, e.g. `30s`. */
  readonly wait?: string | undefined;
}

/** The event log: mongodb-datastore (contract 5). Numbers in events stay as they are spelled. */
export class EventLog {
  constructor(private readonly client: HttpClient) {}

  /** Matching events, newest first. */
  async events(filter: EventFilter, { pageSize, pages, wait }: EventPages): Promise<JsonObject[]> {
    const call = createClient<typeof eventLogApi>(async ({ method, path }) => {
      const held = wait !== undefined && { awaits: `an event of type ${filter.type ?? 'any'}`, heldMs: waitOf(wait) };
      const { text } = await this.client.send({ method, path: ROOT + path, ...held });
      return parseJson(text);
    });
    const events: JsonObject[] = [];
    let nextPageKey: string | undefined;
    for (let page = 0; page < pages; page++) {
      const answer = await call('GET /event', { query: { ...filter, pageSize: String(pageSize), nextPageKey, wait } });
      // A server of 0.7.3 answers null for no events.
      events.push(...((answer.events as JsonObject[] | null) ?? []));
      nextPageKey = answer.nextPageKey;
      if (NO_FURTHER_PAGE.has(nextPageKey)) {
        break;
      }
    }
    return events;
  }

  /** All matching events, oldest first, as lines of JSON. */
  lines(filter: EventFilter): AsyncIterable<string> {
    const { method, path } = requestOf('GET /event', { query: { ...filter, order: 'oldest' } });
    return this.client.stream({ method, path: ROOT + path, headers: { accept: LINES } });
  }

  /** Stores events as they are, each for itself. */
  importLines(lines: AsyncIterable<string>): Promise<ImportReport> {
    return this.client.json({
      method: 'POST',
      path: `${ROOT}/event`,
      stream: withLineFeeds(lines),
      headers: { 'content-type': LINES },
    });
  }

  /** Matching events as they are stored from now on; see {@link EventStream} for how it ends. */
  watch(filter: EventFilter, options: Omit<EventStreamOptions, 'path'>): AsyncIterable<JsonObject> {
    const { path } = requestOf('GET /event/stream', { query: filter });
    return new EventStream(this.client, { ...options, path: ROOT + path }).events();
  }
}

async function* withLineFeeds(lines: AsyncIterable<string>): AsyncIterable<string> {
  for await (const line of lines) {
    yield `${line}\n`;
  }
}
