import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EventLog, EventRefused } from '../src/reacting/index';

const KEPTN_CONTEXT = 'a3e5f16d-8888-4720-82c7-6995062905c1';

/** Parts of a context as mongodb-datastore serves them: at most 1,000 events. */
interface Served {
  readonly pages: number;
  readonly eventsOfPage: number;
  readonly filler?: string;
}

let served: Served;
let requests: number;
let server: Server;
let log: EventLog;

function page(after: number): string {
  const { pages, eventsOfPage, filler = '' } = served;
  const event = { id: 'one', source: 'a-test', specversion: '0.2', type: 'com.example.question', data: { filler } };
  const events = Array.from({ length: eventsOfPage }, (_none, index) => ({ sequence: after + index + 1, event }));
  return JSON.stringify({ hasMore: requests < pages, events });
}

beforeAll(async () => {
  server = createServer((request, response) => {
    requests++;
    const after = Number(new URL(request.url ?? '', 'http://log').searchParams.get('after'));
    response.setHeader('content-type', 'application/json').end(page(after));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  log = new EventLog({ url: `http://127.0.0.1:${port}`, token: 'a-token-for-these-tests' });
});

beforeEach(() => {
  requests = 0;
});

afterAll(async () => {
  await log.onApplicationShutdown();
  server.close();
  await once(server, 'close');
});

describe('the events of a Keptn context', () => {
  it('are read part by part, with their numbers', async () => {
    served = { pages: 3, eventsOfPage: 1_000 };
    const events = await log.context(KEPTN_CONTEXT);
    expect(events.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 3_000 }, (_none, index) => index + 1));
  });

  it.each<[string, Served, number]>([
    ['small ones', { pages: 1_000, eventsOfPage: 1_000 }, 17],
    ['those of some KiB', { pages: 1_000, eventsOfPage: 1_000, filler: 'x'.repeat(15_000) }, 5],
    ['large ones', { pages: 1_000, eventsOfPage: 20, filler: 'x'.repeat(900_000) }, 4],
  ])('are refused when they are more than fits into the memory: %s', async (_name, many, readPages) => {
    served = many;
    await expect(log.context(KEPTN_CONTEXT)).rejects.toThrow(EventRefused);
    expect(requests).toBe(readPages);
  });
});
