import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mongoose from 'mongoose';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { anEvent, Broker, freshDatabase, TOKEN, until } from './broker';
import { LogStandIn } from './log-stand-in';

const HEADER = 'Bearer a-hidden-value';
const [KEY, NEXT_KEY] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')] as const;

let log: LogStandIn;
let database: mongoose.Connection;
let folder: string;
const uri = freshDatabase();
const received: { headers: Record<string, string>; body: string }[] = [];
let status = 500;
const receiver = createServer((request, response) => {
  void (async () => {
    const body = (await request.setEncoding('utf8').toArray()).join('');
    received.push({ headers: request.headers as Record<string, string>, body });
    // Nothing is tried again before the restart.
    response.writeHead(status, { 'retry-after': '3600' }).end('no');
  })();
});

beforeAll(async () => {
  log = await LogStandIn.start();
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  database = await mongoose.createConnection(uri).asPromise();
  folder = await mkdtemp(join(tmpdir(), 'keptn-broker-'));
});

afterAll(async () => {
  await database.close();
  await log.stop();
  receiver.closeAllConnections();
  receiver.close();
  await rm(folder, { recursive: true });
});

const stored = async (): Promise<string> =>
  JSON.stringify(await database.collection<{ _id: string }>('subscriptions').findOne({ _id: 'hook' }));

it('goes on with attempts, failures and encrypted secrets after restarts, and logs no secret', async () => {
  const logFile = await open(join(folder, 'log'), 'w');
  const start = (keys: string): Promise<Broker> =>
    Broker.start(
      { MONGODB_URI: uri, MONGODB_DATASTORE_URL: log.url, SECRET_ENCRYPTION_KEYS: keys, LOG_LEVEL: 'trace' },
      logFile.fd,
    );
  const deliveries = async (broker: Broker): Promise<Record<string, unknown>[]> =>
    (await broker.call('GET', '/v1/deliveries')).json['deliveries'] as Record<string, unknown>[];
  const failingSince = async (broker: Broker): Promise<unknown> =>
    (await broker.call('GET', '/v1/subscriptions/hook')).json['failingSince'];

  let broker = await start('');
  const created = await broker.call('POST', '/v1/subscriptions', {
    name: 'hook',
    sink: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`,
    protocolSettings: { maxAttempts: 2 },
    secretHeaders: { authorization: HEADER },
  });
  const secret = String(created.json['secret']);
  expect(await stored()).toContain(secret);
  log.append(anEvent());
  await until(async () => (await deliveries(broker))[0]?.['attemptCount'] === 1);
  await until(async () => (await failingSince(broker)) !== undefined);
  const since = await failingSince(broker);
  await broker.stop();

  broker = await start(KEY);
  // One attempt is left of two.
  await until(async () => (await deliveries(broker))[0]?.['outcome'] === 'dead');
  expect((await deliveries(broker))[0]).toMatchObject({ attemptCount: 2, attempts: [{ status }, { status }] });
  expect(await failingSince(broker)).toBe(since);
  const encrypted = await stored();
  for (const hidden of [secret, HEADER]) expect(encrypted).not.toContain(hidden);
  await broker.stop();

  broker = await start(`${NEXT_KEY},${KEY}`);
  await until(async () => (await stored()) !== encrypted);
  await broker.stop();

  broker = await start(NEXT_KEY);
  status = 200;
  received.length = 0;
  log.append(anEvent());
  await until(() => received.length > 0);
  const [{ headers, body } = { headers: {}, body: '' }] = received;
  expect(() => new Webhook(secret).verify(body, headers)).not.toThrow();
  expect(headers['authorization']).toBe(HEADER);
  await broker.stop();

  broker = await start(KEY);
  const paused = await broker.call('GET', '/v1/subscriptions/hook');
  expect(paused.json).toMatchObject({
    state: 'paused',
    stateReason: expect.stringContaining('SECRET_ENCRYPTION_KEYS'),
  });
  await broker.stop();

  const lines = await readFile(join(folder, 'log'), 'utf8');
  expect(lines).toContain('subscription paused');
  for (const hidden of [secret, HEADER, 'a-hidden-value', TOKEN, KEY, NEXT_KEY]) expect(lines).not.toContain(hidden);
  await logFile.close();
});

it('pauses what cannot be started, says why, and goes on with all others', async () => {
  const environment = { MONGODB_URI: uri, MONGODB_DATASTORE_URL: log.url };
  const start = (keys: string): Promise<Broker> => Broker.start({ ...environment, SECRET_ENCRYPTION_KEYS: keys });
  const template = { mode: 'template', template: { body: '{"id": "{{ id }}"}' } };
  let broker = await start(KEY);
  for (const [name, protocolSettings] of [
    ['moved', undefined],
    ['outdated', template],
    ['sound', template],
  ] as const) {
    const sink = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/${name}`;
    const created = await broker.call('POST', '/v1/subscriptions', {
      name,
      sink,
      types: ['restarted'],
      protocolSettings,
    });
    expect(created.status, created.text).toBe(201);
  }
  await broker.stop();

  const subscriptions = database.collection<{ _id: string; spec: string; secrets: unknown[] }>('subscriptions');
  const { secrets = [], spec = '' } = (await subscriptions.findOne({ _id: 'sound' })) ?? {};
  await subscriptions.updateOne({ _id: 'moved' }, { $set: { secrets } });
  await subscriptions.updateOne({ _id: 'outdated' }, { $set: { spec: spec.replace('{{ id }}', '{{ id | gone }}') } });

  broker = await start(`${NEXT_KEY},${KEY}`);
  received.length = 0;
  const sequence = log.append(anEvent({ type: 'restarted' }));
  await until(() => received.length > 0);
  const states = await Promise.all(
    ['moved', 'outdated', 'sound'].map(async (name) => (await broker.call('GET', `/v1/subscriptions/${name}`)).json),
  );
  expect(states).toMatchObject([
    { state: 'paused', stateReason: 'its secrets were changed in the database; create the subscription again' },
    { state: 'paused', stateReason: expect.stringContaining('body of the template: undefined filter: gone') },
    { state: 'active' },
  ]);
  const again = await broker.call('POST', `/v1/subscriptions/outdated/deliveries/${sequence}/redeliver`);
  expect([again.status, again.json['reason']]).toEqual([409, 'SINK_UNUSABLE']);
  await broker.stop();
});

it('connects to no address that is not permitted when it delivers, whatever its name or address was permitted as before', async () => {
  const environment = { MONGODB_URI: freshDatabase(), MONGODB_DATASTORE_URL: log.url };
  const { port } = receiver.address() as AddressInfo;
  received.length = 0;
  let broker = await Broker.start({ ...environment, ALLOWED_SINK_NETWORKS: '127.0.0.1,::1' });
  for (const host of ['localhost', '127.0.0.1']) {
    const subscription = { name: `at-${host.replaceAll('.', '-')}`, sink: `http://${host}:${port}/` };
    const created = await broker.call('POST', '/v1/subscriptions', {
      ...{ ...subscription, protocolSettings: { maxAttempts: 1 }, types: ['rebound'] },
    });
    expect(created.status, created.text).toBe(201);
  }
  await broker.stop();

  broker = await Broker.start({ ...environment, ALLOWED_SINK_NETWORKS: '' });
  log.append(anEvent({ type: 'rebound' }));
  const dead = async (): Promise<{ subscription: string; attempts: { error: string }[] }[]> =>
    (await broker.call('GET', '/v1/deliveries?outcome=dead')).json['deliveries'] as Awaited<ReturnType<typeof dead>>;
  await until(async () => (await dead()).length === 2);
  const errors = (await dead()).map(({ subscription, attempts }) => [subscription, attempts[0]?.error]);
  expect(Object.fromEntries(errors)).toEqual({
    'at-localhost': expect.stringContaining('localhost is in a loopback, link-local or private network'),
    'at-127-0-0-1': '127.0.0.1 is not in ALLOWED_SINK_NETWORKS',
  });
  expect(received).toEqual([]);
  await broker.stop();
});
