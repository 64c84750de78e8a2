import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anEvent, Broker, freshDatabase, until } from './broker';
import { LogStandIn } from './log-stand-in';

const EVENTS = 100_000;

/** One event in so many is wanted. */
const WANTED_EVERY = 200;

describe(`on a log of ${EVENTS} events`, () => {
  let log: LogStandIn;
  let broker: Broker;
  let url: string;
  const wanted: string[] = [];
  const received: { path: string | undefined; id: string }[] = [];
  const receiver = createServer((request, response) => {
    void (async () => {
      const { id } = JSON.parse((await request.setEncoding('utf8').toArray()).join('')) as { id: string };
      received.push({ path: request.url, id });
      response.end();
    })();
  });
  const idsAt = (...paths: string[]): string[] =>
    received.filter(({ path = '' }) => paths.includes(path)).map(({ id }) => id);

  beforeAll(async () => {
    receiver.listen(0, '127.0.0.1');
    await once(receiver, 'listening');
    url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
    log = await LogStandIn.start();
    for (let index = 0; index < EVENTS; index++) {
      const event = anEvent({ type: index % WANTED_EVERY === 0 ? 'wanted' : 'other', shkeptncontext: 'c' });
      if (event['type'] === 'wanted') wanted.push(event.id);
      log.append(event);
    }
    broker = await Broker.start({ MONGODB_URI: freshDatabase(), MONGODB_DATASTORE_URL: log.url });
  });

  afterAll(async () => {
    await broker.stop();
    await log.stop();
    receiver.closeAllConnections();
    receiver.close();
  });

  it('gives a new subscription none of the old events unless it asks for them, and loses and repeats none when its path changes', async () => {
    const create = async (name: string, more: object): Promise<void> => {
      const subscription = { name, sink: `${url}/${name}`, types: ['wanted'], ...more };
      expect((await broker.call('POST', '/v1/subscriptions', subscription)).status).toBe(201);
    };
    await create('new', {});
    await create('old', { from: 'beginning' });
    await until(() => idsAt('/old').length > wanted.length / 4);
    const renamed = { sink: `${url}/renamed`, types: ['wanted'] };
    expect((await broker.call('PUT', '/v1/subscriptions/old', renamed)).status).toBe(200);
    const latest = anEvent({ type: 'wanted', shkeptncontext: 'c' });
    log.append(latest);
    await until(() => idsAt('/renamed').includes(latest.id) && idsAt('/new').length > 0);
    expect(idsAt('/old', '/renamed')).toEqual([...wanted, latest.id]);
    expect(idsAt('/renamed').length).toBeGreaterThan(1);
    expect(idsAt('/new')).toEqual([latest.id]);
  });
});
