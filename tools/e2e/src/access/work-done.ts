import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SERVICES_WITH_API } from '@keptn/service-catalog';
import { vi } from 'vitest';
import { type ReachableSystem } from '../running-system';

/** Milliseconds; for a busy machine. */
const PATIENCE_MS = 20_000;

/** The last request that each service has had. */
const LAST = 'the-last-request';

interface LoggedRequest {
  readonly service: string;
  readonly requestId?: string;
  readonly method?: string;
  readonly path?: string;
}

/** For each request id, which requests it led to in which services, as their logs say. The audit log is told of all that is refused. */
export async function workDone(system: ReachableSystem): Promise<ReadonlyMap<string, readonly string[]>> {
  const headers = { 'x-token': await system.token(), 'x-request-id': LAST };
  for (const { apiPath = '' } of SERVICES_WITH_API) {
    await system.call('GET', `${apiPath.slice('/api'.length)}/not-there`, undefined, headers);
  }
  const requests = await vi.waitUntil(
    async () => {
      const logged = await loggedRequests(system);
      const finished = new Set(logged.filter(({ requestId }) => requestId === LAST).map(({ service }) => service));
      return SERVICES_WITH_API.every(({ name }) => finished.has(name)) && logged;
    },
    { timeout: PATIENCE_MS, interval: 200 },
  );
  const work = new Map<string, string[]>();
  for (const { requestId = '', service, method, path = '' } of requests) {
    if (method === undefined || path.startsWith('/v1/audit')) continue;
    work.set(requestId, [...(work.get(requestId) ?? []), `${service} ${method} ${path}`]);
  }
  return work;
}

async function loggedRequests({ launch }: ReachableSystem): Promise<readonly LoggedRequest[]> {
  const folder = join(launch.dataFolder, 'logs');
  const texts = await Promise.all((await readdir(folder)).map((file) => readFile(join(folder, file), 'utf8')));
  return texts.flatMap((text) =>
    text.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as LoggedRequest] : [])),
  );
}
