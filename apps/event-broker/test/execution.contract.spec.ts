import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anEvent, Broker, freshDatabase, until } from './broker';
import { LogStandIn } from './log-stand-in';
import { Receiver } from './receiver';

const FINISHED = 'sh.keptn.internal.event.delivery.finished';

/** How long something runs that a command leaves behind, in milliseconds. */
const LEFT_BEHIND_MS = 20_000;

/** It holds the output of its parent, and no signal to that one's process group reaches it. */
const LEAVES_BEHIND = `require('node:child_process')
  .spawn(process.execPath, ['-e', 'setTimeout(() => {}, ${LEFT_BEHIND_MS})'], { detached: true, stdio: 'inherit' })
  .unref()`;

/** What the listed commands are; each is run by this Node. */
const COMMANDS = {
  echo: `let text = ''; process.stdin.on('data', (part) => (text += part)).on('end', () => {
    const { type, data } = JSON.parse(text);
    console.log('working on ' + type);
    console.log(JSON.stringify({ image: data.image, given: process.argv.length, secret: process.env.KEPTN_API_TOKEN, mine: process.env.MINE }));
  })`,
  broken: `console.error('no disk'); process.exit(1)`,
  later: `process.exit(75)`,
  endless: `setInterval(() => {}, 1000)`,
  leaving: `${LEAVES_BEHIND}; console.log('left');`,
  held: `${LEAVES_BEHIND}; setInterval(() => {}, 1000)`,
};

/** Commands that are cut off. */
const ENDLESS = ['endless', 'held'];

interface Report {
  readonly triggeredid: string;
  readonly shkeptncontext?: string;
  readonly data: { readonly delivery: Readonly<Record<string, string>> } & Readonly<Record<string, unknown>>;
}

let database: string;
let log: LogStandIn;
let broker: Broker;
let folder: string;
let receiver: Receiver;

beforeAll(async () => {
  log = await LogStandIn.start();
  receiver = await Receiver.start();
  folder = await mkdtemp(join(tmpdir(), 'keptn-commands-'));
  const file = join(folder, 'commands.yaml');
  const commands = Object.fromEntries(
    Object.entries(COMMANDS).map(([name, script]) => [
      name,
      {
        run: [process.execPath, '-e', script],
        timeoutMs: ENDLESS.includes(name) ? 300 : 20_000,
        environment: { MINE: 'of the operator' },
      },
    ]),
  );
  await writeFile(file, JSON.stringify({ commands }));
  database = freshDatabase();
  broker = await Broker.start({ MONGODB_URI: database, MONGODB_DATASTORE_URL: log.url, COMMANDS_FILE: file });
});

afterAll(async () => {
  await broker.stop();
  await receiver.stop();
  await log.stop();
  await rm(folder, { recursive: true });
});

async function subscribe(name: string, sink: string, more: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const types = [`sh.keptn.event.${name}.triggered`];
  const spec = { name, sink, types, reportsOutcome: true, ...more };
  expect((await broker.call('POST', '/v1/subscriptions', spec)).status).toBe(201);
}

/** Stores an event that the subscription of this name gets. */
function send(name: string, changes: Readonly<Record<string, unknown>> = {}): string {
  const event = anEvent({ type: `sh.keptn.event.${name}.triggered`, shkeptncontext: `of-${name}`, ...changes });
  log.append(event);
  return event.id;
}

const reportsOn = (id: string): Report[] =>
  log.events
    .map((text) => JSON.parse(text) as Report & { type: string })
    .filter(({ type, triggeredid }) => type === FINISHED && triggeredid === id);

async function reportOn(id: string): Promise<Report> {
  await until(() => reportsOn(id).length > 0);
  const [report] = reportsOn(id);
  if (report === undefined) throw new Error('no report');
  return report;
}

const deliveryOf = async (name: string) => {
  const { json } = await broker.call('GET', `/v1/deliveries?subscription=${name}`);
  return (
    json['deliveries'] as { sequence: number; outcome: string; attempts: { error?: string; durationMs: number }[] }[]
  )[0];
};

describe('a command that the operator has listed', () => {
  it('gets the event on its standard input, and nothing of it as an argument, nor a secret', async () => {
    await subscribe('echo', 'command:echo');
    const data = { project: 'sockshop', stage: 'dev', service: 'carts', image: '$(reboot)', labels: { build: '17' } };
    const { data: reported, shkeptncontext } = await reportOn(send('echo', { data }));
    expect(shkeptncontext).toBe('of-echo');
    expect(reported).toMatchObject({ project: 'sockshop', stage: 'dev', service: 'carts', labels: { build: '17' } });
    const { answer = '', ...delivery } = reported.delivery;
    expect(delivery).toMatchObject({ subscription: 'echo', outcome: 'accepted' });
    const [said, json = ''] = answer.trim().split('\n');
    expect(said).toBe('working on sh.keptn.event.echo.triggered');
    expect(JSON.parse(json)).toEqual({ image: '$(reboot)', given: 1, mine: 'of the operator' });
  });

  it('that fails has refused the event, and says why', async () => {
    await subscribe('broken', 'command:broken');
    const { data } = await reportOn(send('broken'));
    expect(data.delivery).toMatchObject({ outcome: 'refused', error: 'exit code 1: no disk' });
    await until(async () => (await deliveryOf('broken'))?.outcome === 'refused');
  });

  it.each([
    ['later', 'exit code 75'],
    ['endless', 'no end within 300 ms'],
  ])('that is %s is tried again', async (name, error) => {
    await subscribe(name, `command:${name}`);
    const id = send(name);
    await until(async () => (await deliveryOf(name))?.outcome === 'retrying');
    expect((await deliveryOf(name))?.attempts[0]?.error).toBe(error);
    expect(reportsOn(id)).toEqual([]);
    await broker.call('DELETE', `/v1/subscriptions/${name}`);
  });

  it.each([
    ['leaving', 'delivered', { answer: 'left\n' }],
    ['held', 'retrying', { error: 'no end within 300 ms' }],
  ])('that is %s waits for nothing that it leaves behind', async (name, outcome, expected) => {
    await subscribe(name, `command:${name}`);
    send(name);
    await until(async () => (await deliveryOf(name))?.outcome === outcome);
    const [attempt] = (await deliveryOf(name))?.attempts ?? [];
    expect(attempt).toMatchObject(expected);
    expect(attempt?.durationMs).toBeLessThan(LEFT_BEHIND_MS / 2);
    await broker.call('DELETE', `/v1/subscriptions/${name}`);
  });

  it('is the only one that a subscription may name', async () => {
    const spec = { name: 'other', sink: 'command:rm' };
    expect(await broker.call('POST', '/v1/subscriptions', spec)).toMatchObject({
      status: 400,
      json: { reason: 'SINK_NOT_PERMITTED', message: 'sink in body: COMMANDS_FILE lists no command "rm"' },
    });
  });

  it('gets no event again once the list does not name it any more, and the answer says why', async () => {
    const sequence = (await deliveryOf('broken'))?.sequence ?? 0;
    const withoutCommands = await Broker.start({ MONGODB_URI: database, MONGODB_DATASTORE_URL: log.url });
    const answer = await withoutCommands.call('POST', `/v1/subscriptions/broken/deliveries/${sequence}/redeliver`);
    await withoutCommands.stop();
    expect(answer).toMatchObject({
      status: 409,
      json: {
        reason: 'SINK_UNUSABLE',
        message: 'nothing can be delivered to the sink of subscription broken: COMMANDS_FILE lists no command "broken"',
      },
    });
  });
});

describe('a URL', () => {
  it('that answers 200 has done it, one that answers 202 sends events of its own, one that refuses has not', async () => {
    receiver.answer = ({ event }) => (event['data'] as { status: number }).status;
    await subscribe('call', receiver.url);
    const [accepted, later, refused] = [200, 202, 422].map((status) => send('call', { data: { status } }));
    expect((await reportOn(accepted ?? '')).data.delivery['outcome']).toBe('accepted');
    expect((await reportOn(refused ?? '')).data.delivery).toMatchObject({ outcome: 'refused', error: 'answered 422' });
    expect(reportsOn(later ?? '')).toEqual([]);
    expect(receiver.delivered[0]?.headers['webhook-signature']).toMatch(/^v1,/);
  });

  it('is called again while the log cannot take the report', async () => {
    receiver.answer = () => {
      log.isThere = false;
      return 200;
    };
    const id = send('call', { data: { status: 200 } });
    await until(async () => (await deliveryOf('call'))?.outcome === 'retrying');
    receiver.answer = () => 200;
    log.isThere = true;
    await reportOn(id);
    expect(reportsOn(id)).toHaveLength(1);
  });

  it('that gets reports as well is not reported upon for them', async () => {
    receiver.answer = () => 200;
    await subscribe('reports', receiver.url, { types: [FINISHED] });
    const id = send('call');
    const { triggeredid } = await reportOn(id);
    await receiver.until(() => receiver.delivered.some(({ event }) => event['triggeredid'] === triggeredid));
    const own = receiver.delivered.find(({ event }) => event['triggeredid'] === triggeredid)?.event['id'];
    await until(async () => (await deliveryOf('reports'))?.outcome === 'delivered');
    expect(reportsOn(String(own))).toEqual([]);
  });
});
