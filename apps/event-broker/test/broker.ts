import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type RunningService, startService } from '@keptn/service-kit';
import { inject } from 'vitest';
import { eventBroker } from '../src/app.module';

export const TOKEN = 'a-token-for-these-tests';

/** Pause between two looks at something that is waited for, in milliseconds. */
const POLL_MS = 10;

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly json: Readonly<Record<string, unknown>>;
}

/** The connection string of a database that no other test uses. */
export const freshDatabase = (): string => `${inject('mongodbUri')}/broker-${randomUUID()}`;

/** Less than a test may take, so that it is told what it waited for; in milliseconds. */
const PATIENCE_MS = 50_000;

/** Resolves when the condition holds. @throws Error with the condition when it does not in time */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`waited in vain until ${String(condition)}`);
    await delay(POLL_MS);
  }
}

/** A started event-broker. */
export class Broker {
  private constructor(private readonly service: RunningService) {}

  /**
   * Resolves when it is ready.
   *
   * @param logFile descriptor of the file that log lines go to
   */
  static async start(environment: Readonly<Record<string, string>>, logFile?: number): Promise<Broker> {
    const settings = {
      HOST: '127.0.0.1',
      PORT: '0',
      LOG_LEVEL: 'silent',
      KEPTN_API_TOKEN: TOKEN,
      DISTRIBUTION_LEASE_MS: '1500',
      ALLOWED_SINK_NETWORKS: '127.0.0.1',
      ...environment,
    };
    const broker = new Broker(await startService(eventBroker, settings, logFile));
    await until(async () => (await broker.call('GET', '/ready')).status === 200);
    return broker;
  }

  get url(): string {
    return this.service.url;
  }

  async call(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const response = await fetch(this.service.url + path, {
      method,
      headers: { 'x-token': TOKEN, ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, text, json: text.startsWith('{') ? (JSON.parse(text) as Answer['json']) : {} };
  }

  stop(): Promise<void> {
    return this.service.close();
  }
}

/** A valid event; `changes` overrules its attributes. */
export function anEvent(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> & { id: string } {
  return {
    specversion: '1.0',
    source: 'a-test',
    type: 'sh.keptn.event.configuration.change',
    datacontenttype: 'application/json',
    data: { project: 'sockshop', stage: 'dev', service: 'carts' },
    ...{ id: randomUUID(), ...changes },
  };
}
