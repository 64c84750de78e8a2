import { type JsonObject, parseJson } from '@keptn/event-models/json';
import { EventStream, type EventStreamOptions } from './event-stream';
import { type HttpClient } from './http-client';
import { query } from './path';

const ROOT = '/mongodb-datastore/event';

/** Filters of the event log (contract 5.3). */
export interface EventFilter {
  readonly keptnContext?: string | undefined;
  readonly type?: string | undefined;
  readonly project?: string | undefined;
  readonly stage?: string | undefined;
  readonly service?: string | undefined;
  readonly eventID?: string | undefined;
  readonly fromTime?: string | undefined;
}

/** One event a line. */
const LINES = 'application/x-ndjson';

/** What became of the lines of an import. */
export interface ImportReport {
  readonly stored: number;
  readonly replayed: number;
  readonly refused: number;
  readonly refusals: readonly { readonly line: number; readonly message: string }[];
}

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
    const events: JsonObject[] = [];
    let nextPageKey: string | undefined;
    for (let page = 0; page < pages; page++) {
      const { text } = await this.client.send({
        method: 'GET',
        path: `${ROOT}${query({ ...filter, pageSize, nextPageKey, wait })}`,
        ...(wait !== undefined && { awaits: `an event of type ${filter.type ?? 'any'}` }),
      });
      const answer = parseJson(text) as { events: JsonObject[] | null; nextPageKey?: string };
      events.push(...(answer.events ?? []));
      nextPageKey = answer.nextPageKey;
      if (nextPageKey === undefined || nextPageKey === '0' || nextPageKey === '') {
        break;
      }
    }
    return events;
  }

  /** All matching events, oldest first, as lines of JSON. */
  lines(filter: EventFilter): AsyncIterable<string> {
    return this.client.stream({
      method: 'GET',
      path: `${ROOT}${query({ ...filter, order: 'oldest' })}`,
      headers: { accept: LINES },
    });
  }

  /** Stores events as they are, each for itself. */
  importLines(lines: AsyncIterable<string>): Promise<ImportReport> {
    return this.client.json({
      method: 'POST',
      path: ROOT,
      stream: withLineFeeds(lines),
      headers: { 'content-type': LINES },
    });
  }

  /** Matching events as they are stored from now on; see {@link EventStream} for how it ends. */
  watch(filter: EventFilter, options: Omit<EventStreamOptions, 'path'>): AsyncIterable<JsonObject> {
    return new EventStream(this.client, { ...options, path: `${ROOT}/stream${query({ ...filter })}` }).events();
  }
}

async function* withLineFeeds(lines: AsyncIterable<string>): AsyncIterable<string> {
  for await (const line of lines) {
    yield `${line}\n`;
  }
}
