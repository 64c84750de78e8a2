import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import { type RunningService, startService } from '@keptn/service-kit';
import { inject } from 'vitest';
import { configurationService } from '../src/app.module';

export const TOKEN = 'a-token-for-these-tests';

/** How long the view may take to be compared with Git, in milliseconds. */
const READY_TIMEOUT_MS = 20_000;
const READY_PAUSE_MS = 20;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The parsed body; undefined when there is none. */
  readonly body: unknown;
}

interface Call {
  readonly body?: unknown;
  /** Sent as it stands instead of `body`. */
  readonly rawBody?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** A configuration-service with real Git in a temporary folder and a database of its own, called over HTTP. */
export class StartedService {
  private constructor(
    private service: RunningService,
    /** KEPTN_DATA_DIR */
    readonly folder: string,
    readonly environment: Readonly<Record<string, string>>,
  ) {}

  static async start(settings: Readonly<Record<string, string>> = {}): Promise<StartedService> {
    const folder = await mkdtemp(join(tmpdir(), 'keptn-configuration-'));
    const environment = {
      HOST: '127.0.0.1',
      PORT: '0',
      LOG_LEVEL: 'silent',
      KEPTN_API_TOKEN: TOKEN,
      KEPTN_DATA_DIR: folder,
      MONGODB_URI: `${inject('mongodbUri')}/${freshDatabase()}`,
      ...settings,
    };
    const started = new StartedService(await startService(configurationService, environment), folder, environment);
    await readyAt(started.url);
    return started;
  }

  /** Stops the service and starts it again on the same data. */
  async restart(
    settings: Readonly<Record<string, string>> = {},
    { waitUntilReady = true }: { readonly waitUntilReady?: boolean } = {},
  ): Promise<void> {
    await this.service.close();
    this.service = await startService(configurationService, { ...this.environment, ...settings });
    if (waitUntilReady) {
      await readyAt(this.service.url);
    }
  }

  async stop(): Promise<void> {
    await this.service.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  get url(): string {
    return this.service.url;
  }

  get token(): string {
    return TOKEN;
  }

  /** The bare repository of a project, to be read with any Git client. */
  repository(project: string): string {
    return join(this.folder, 'repositories', `${project}.git`);
  }

  call(method: Method, path: string, call: Call = {}): Promise<Answer> {
    return request(this.service.url, method, path, call);
  }

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.call('GET', path, { headers });
  }

  post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.call('POST', path, { body, headers });
  }

  put(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.call('PUT', path, { body, headers });
  }

  delete(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.call('DELETE', path, { headers });
  }

  /** A project with stages and services in all of them. */
  async project(name: string, stages: readonly string[] = ['dev'], services: readonly string[] = []): Promise<void> {
    await expectStatus(204, this.post('/v1/project', { projectName: name, shipyard: shipyardOf(stages) }));
    for (const serviceName of services) {
      await expectStatus(200, this.post(`/v1/project/${name}/service`, { serviceName }));
    }
  }
}

/** Calls a service with the token. */
export async function request(
  url: string,
  method: Method,
  path: string,
  { body, rawBody, headers = {} }: Call = {},
): Promise<Answer> {
  const text = rawBody ?? (body === undefined ? undefined : JSON.stringify(body));
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { 'x-token': TOKEN, ...(text !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(text !== undefined && { body: text }),
  });
  const answer = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: answer === '' ? undefined : (JSON.parse(answer) as unknown),
  };
}

/** Waits until a service says that it is ready. */
export async function readyAt(url: string): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  for (;;) {
    const { status, body } = await request(url, 'GET', '/ready');
    if (status === 200) {
      return;
    }
    if (Date.now() > deadline) {
      throw new Error(`not ready in time: ${JSON.stringify(body)}`);
    }
    await delay(READY_PAUSE_MS);
  }
}

export const freshDatabase = (): string => `configuration-${randomUUID()}`;

export const base64 = (text: string | Buffer): string => Buffer.from(text).toString('base64');

/** Base64 of a shipyard with these stages. */
export function shipyardOf(stages: readonly string[]): string {
  const lines = stages.flatMap((stage) => [
    `  - name: "${stage}"`,
    '    deployment_strategy: "direct"',
    '    test_strategy: "functional"',
  ]);
  return base64(['stages:', ...lines, ''].join('\n'));
}

/** @throws with the answer in it when the status is another */
export async function expectStatus(status: number, pending: Promise<Answer>): Promise<Answer> {
  const answer = await pending;
  if (answer.status !== status) {
    throw new Error(`expected status ${status}, got ${answer.status}: ${JSON.stringify(answer.body)}`);
  }
  return answer;
}

/** The body of a failure. */
export const failure = (code: number, message: unknown): { status: number; body: unknown } => ({
  status: code,
  body: { code, message },
});
