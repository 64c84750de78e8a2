import type { eventLogApi } from '@keptn/api-models';
import { type Client, createClient } from '@keptn/api-models/client';
import { parseJson, stringifyJson } from '@keptn/event-models';
import { BadGateway, HttpClient, ServiceClient, SETTINGS } from '@keptn/service-kit';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { type Settings } from '../settings';
import { type LogEvent, logEventOf } from './log-event';
import { messagesOf } from './stream-messages';

/** Of the log's pages, in events. */
const PAGE_LIMIT = 200;

/** The log sends a sign of life more often than this, in milliseconds. */
const STREAM_SILENCE_MS = 60_000;

/** Named in the log as a reader that retention waits for. */
const READER = 'event-broker';

export interface LoggedEvent extends LogEvent {
  /** Events of older releases have none. */
  readonly storedAt?: Date;
}

/** The next events of the log. */
export interface LogPart {
  readonly events: readonly LogEvent[];
  /** Everything up to here was read, or will never exist. */
  readonly position: number;
}

/** What event-broker asks of mongodb-datastore. Failures are those of ServiceClient. */
@Injectable()
export class LogClient implements OnApplicationShutdown {
  private readonly client: ServiceClient;
  private readonly streams: HttpClient;
  private readonly call: Client<typeof eventLogApi>;
  private readonly token: string;

  constructor(@Inject(SETTINGS) { MONGODB_DATASTORE_URL: url, KEPTN_API_TOKEN: token }: Settings) {
    this.token = token;
    // Numbers in events must stay as they are spelled.
    this.client = new ServiceClient({ name: 'mongodb-datastore', url, token, parseJson });
    this.streams = new HttpClient({ name: 'mongodb-datastore', url, timeoutMs: STREAM_SILENCE_MS });
    this.call = createClient<typeof eventLogApi>(({ method, path, body }) =>
      this.client.request({ method, path, body }),
    );
  }

  /** The end of the log, or the position behind which the events begin that came in at `time` or later. */
  async position(time?: string): Promise<number> {
    const { position } = await this.call('GET /reader/position', { query: { time } });
    return position;
  }

  async read(after: number, limit = PAGE_LIMIT): Promise<LogPart> {
    const page = await this.call('GET /reader/event', { query: { after: String(after), limit: String(limit) } });
    return {
      events: page.events.map(({ sequence, event }) => logEventOf(sequence, stringifyJson(event))),
      position: page.position,
    };
  }

  /** The event with this number, undefined when it was removed. */
  async event(sequence: number): Promise<LogEvent | undefined> {
    const { events } = await this.read(sequence - 1, 1);
    return events.find((event) => event.sequence === sequence);
  }

  /** The events of a Keptn context in the order of the log, as many at once as the log gives. */
  async *context(keptnContext: string): AsyncGenerator<readonly LoggedEvent[]> {
    for (let after = 0, isWhole = false; !isWhole;) {
      const { events, hasMore } = await this.call('GET /reader/context/{keptnContext}', {
        parameters: { keptnContext },
        query: { after: String(after) },
      });
      yield events.map(({ sequence, storedAt, event }) => ({
        ...logEventOf(sequence, stringifyJson(event)),
        ...(storedAt !== undefined && { storedAt: new Date(storedAt) }),
      }));
      isWhole = !hasMore || events.length === 0;
      after = events.at(-1)?.sequence ?? after;
    }
  }

  /** What is stored behind `position`, until the connection or `signal` ends it. */
  async *follow(position: number, signal: AbortSignal): AsyncGenerator<readonly LogEvent[]> {
    const { status, body } = await this.streams.stream({
      path: '/event/stream',
      headers: { 'x-token': this.token, 'last-event-id': String(position) },
      signal,
    });
    if (status !== 200) {
      body.destroy();
      throw new BadGateway(`mongodb-datastore answered ${status} to a request for its event stream`);
    }
    for await (const messages of messagesOf(body)) yield messages.map(({ id, data }) => logEventOf(Number(id), data));
  }

  /** Has the log keep what is behind `position`. */
  async announce(position: number): Promise<void> {
    await this.call('PUT /reader/{name}', { parameters: { name: READER }, body: { position } });
  }

  /** Stores events as they are; answers what the log says of them. */
  store(body: string, contentType: string): Promise<unknown> {
    return this.client.request({ method: 'POST', path: ['event'], rawBody: body, contentType });
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.client.close(), this.streams.close()]);
  }
}
