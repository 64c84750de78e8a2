import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type RunningService, startService } from '@keptn/service-kit';
import mongoose from 'mongoose';
import { inject } from 'vitest';
import { mongodbDatastore } from '../src/app.module';

/** Pause between two looks at /ready, in milliseconds. */
const READY_POLL_MS = 10;

export const TOKEN = 'a-token-for-these-tests';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; undefined when it is none. */
  readonly json: unknown;
}

export interface Page {
  readonly events: readonly Readonly<Record<string, unknown>>[];
  readonly nextPageKey?: string;
  readonly pageSize: number;
  readonly totalCount: number;
}

/** The connection string of a database that no other test uses. */
export function freshDatabase(): string {
  return `${inject('mongodbUri')}/datastore-${randomUUID()}`;
}

/** A started mongodb-datastore and its clients' view of it. */
export class Datastore {
  private constructor(
    private readonly service: RunningService,
    readonly databaseUri: string,
  ) {}

  /** @param readiness the status of /ready that is waited for */
  static async start(
    environment: Readonly<Record<string, string>> = {},
    databaseUri = freshDatabase(),
    readiness = 200,
  ): Promise<Datastore> {
    const service = await startService(mongodbDatastore, {
      HOST: '127.0.0.1',
      PORT: '0',
      LOG_LEVEL: 'silent',
      KEPTN_API_TOKEN: TOKEN,
      MONGODB_URI: databaseUri,
      SEQUENCE_GAP_MS: '2000',
      ...environment,
    });
    const datastore = new Datastore(service, databaseUri);
    while ((await datastore.get('/ready')).status !== readiness) await delay(READY_POLL_MS);
    return datastore;
  }

  get url(): string {
    return this.service.url;
  }

  /** Stops the service and leaves its data. */
  stop(): Promise<void> {
    return this.service.close();
  }

  /** Stops the service and removes its data. */
  async close(): Promise<void> {
    await this.stop();
    const connection = await mongoose.createConnection(this.databaseUri).asPromise();
    await connection.dropDatabase();
    await connection.close();
  }

  async call(path: string, init: RequestInit = {}): Promise<Answer> {
    const response = await fetch(this.url + path, {
      ...init,
      headers: { 'x-token': TOKEN, ...(init.headers as Record<string, string> | undefined) },
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: jsonOf(text) };
  }

  get(path: string, parameters: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const query = new URLSearchParams(parameters).toString();
    return this.call(query === '' ? path : `${path}?${query}`);
  }

  /** POST /event with a text as it stands. */
  postText(body: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.call('/event', { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
  }

  post(event: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.postText(JSON.stringify(event), headers);
  }

  /** Stores an event that must be accepted. */
  async store(event: unknown): Promise<{ readonly id: string; readonly sequence: number }> {
    const { status, json, text } = await this.post(event);
    if (status !== 201) throw new Error(`the event was refused: ${status} ${text}`);
    return json as { id: string; sequence: number };
  }

  async page(parameters: Readonly<Record<string, string>> = {}): Promise<Page> {
    const { status, json, text } = await this.get('/event', parameters);
    if (status !== 200) throw new Error(`the query was refused: ${status} ${text}`);
    return json as Page;
  }

  /** The ids of all pages, in order, from the one that `parameters` begin with. */
  async allIds(parameters: Readonly<Record<string, string>> = {}): Promise<string[]> {
    const ids: string[] = [];
    let nextPageKey: string | undefined = parameters['nextPageKey'] ?? '';
    while (nextPageKey !== undefined) {
      const page: Page = await this.page({ ...parameters, nextPageKey });
      ids.push(...idsOf(page));
      nextPageKey = page.nextPageKey;
    }
    return ids;
  }
}

export const idsOf = ({ events }: Pick<Page, 'events'>): string[] => events.map(({ id }) => String(id));

/** A valid event; `changes` overrules its attributes. */
export function anEvent(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> & { id: string } {
  return {
    specversion: '0.2',
    source: 'https://example.com/a-test',
    type: 'sh.keptn.event.configuration.change',
    contenttype: 'application/json',
    data: { project: 'sockshop', stage: 'dev', service: 'carts' },
    ...{ id: randomUUID(), ...changes },
  };
}

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
