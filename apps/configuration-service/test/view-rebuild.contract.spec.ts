import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectStatus, failure, StartedService, TOKEN } from './started-service';

const CONTEXT = 'a3e5f16d-8888-4720-82c7-6995062905c1';
const CARTS = '/v1/project/rebuilt/stage/dev/service/carts';

let log: Server;
/** What the event log holds, and what happens while it answers. */
let lines: string[];
let meanwhile: () => Promise<unknown>;
let isBrokenOff: boolean;
let service: StartedService;

beforeAll(async () => {
  log = createServer((request, response) => {
    if (request.headers['x-token'] !== TOKEN || request.headers.accept !== 'application/x-ndjson') {
      response.writeHead(401).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.write(lines.join(''));
    void meanwhile().then(() => (isBrokenOff ? response.destroy() : response.end()));
  }).listen(0, '127.0.0.1');
  await once(log, 'listening');
  const { port } = log.address() as AddressInfo;
  service = await StartedService.start({ MONGODB_DATASTORE_URL: `http://127.0.0.1:${port}` });
  await service.project('rebuilt', ['dev'], ['carts']);
});
afterAll(async () => {
  await service.stop();
  log.close();
});

const eventOf = (id: string, type: string, data: object = {}, more: object = {}) => ({
  ...{ id, type, source: 'test', specversion: '1.0', shkeptncontext: CONTEXT, time: '2020-11-23T10:15:30Z' },
  ...more,
  data: { project: 'rebuilt', stage: 'dev', service: 'carts', ...data },
});

const DEPLOYED = 'sh.keptn.events.deployment-finished';
const APPROVAL = 'sh.keptn.event.approval';

async function rebuild(
  events: readonly object[],
  {
    during = () => Promise.resolve(),
    brokenOff = false,
  }: { during?: () => Promise<unknown>; brokenOff?: boolean } = {},
) {
  lines = events.map((event) => `${JSON.stringify(event)}\n`);
  meanwhile = during;
  isBrokenOff = brokenOff;
  return await service.post('/v1/view/rebuild', undefined);
}

const shown = async () => (await expectStatus(200, service.get(CARTS))).body;

it('brings back what events said, as often as it is asked for', async () => {
  const events = [
    eventOf('1', DEPLOYED, { image: 'carts', tag: '1' }),
    eventOf('2', `${APPROVAL}.triggered`, { image: 'carts', tag: '2' }),
    eventOf('3', `${APPROVAL}.triggered`, { image: 'carts', tag: '3' }),
    eventOf('4', `${APPROVAL}.finished`, {}, { triggeredid: '2' }),
    eventOf('5', 'sh.keptn.event.of.another', {}, { data: { project: 'unknown', stage: 'dev', service: 'x' } }),
  ];
  for (let times = 0; times < 2; times++) {
    expect(await rebuild(events)).toMatchObject({ status: 200, body: { events: 5, open: 1 } });
    expect(await shown()).toMatchObject({
      deployedImage: 'carts:1',
      lastEventTypes: { [DEPLOYED]: { eventId: '1' }, [`${APPROVAL}.finished`]: { eventId: '4' } },
      openApprovals: [{ eventId: '3', image: 'carts', tag: '3' }],
    });
  }
});

it('leaves alone what happens while it reads the log', async () => {
  const during = async () => {
    await expectStatus(200, service.post('/v1/event', eventOf('live', DEPLOYED, { image: 'carts', tag: 'live' })));
    await expectStatus(200, service.delete(`${CARTS}/approval/3`));
  };
  await rebuild([eventOf('1', DEPLOYED, { image: 'carts', tag: '1' }), eventOf('3', `${APPROVAL}.triggered`)], {
    during,
  });
  expect(await shown()).toMatchObject({
    deployedImage: 'carts:live',
    lastEventTypes: { [DEPLOYED]: { eventId: 'live' } },
    openApprovals: [],
  });
});

it('changes nothing when the log cannot be read to its end', async () => {
  const before = await shown();
  const answer = await rebuild([eventOf('6', 'sh.keptn.events.tests-finished')], { brokenOff: true });
  expect(answer).toMatchObject(failure(503, expect.stringContaining('see that mongodb-datastore is up')));
  expect(await shown()).toEqual(before);
});
