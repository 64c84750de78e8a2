import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import { type RunningService, startService } from '@keptn/service-kit';
import { apiService } from '../src/app.module';

export const TOKEN = 'a-token-for-these-tests';

/** A database of its own. */
const freshDatabase = (): string => `${inject('mongodbUri')}/api-${randomUUID()}`;

/** A port on which nobody listens. */
const NOWHERE = 'http://127.0.0.1:9';

/** An api-service inside this process; the other services are nowhere unless the environment says where. */
export function startApiService(environment: Readonly<Record<string, string>> = {}): Promise<RunningService> {
  return startService(apiService, {
    HOST: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: 'silent',
    KEPTN_API_TOKEN: TOKEN,
    MONGODB_URI: freshDatabase(),
    CONFIGURATION_SERVICE_URL: NOWHERE,
    MONGODB_DATASTORE_URL: NOWHERE,
    ...environment,
  });
}

export interface Answer {
  readonly status: number;
  /** The parsed body. */
  readonly body: unknown;
}

/** A request with the token. */
export async function call(url: string, method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(url + path, {
    method,
    headers: { 'x-token': TOKEN, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}
