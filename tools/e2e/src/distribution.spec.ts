import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CallOptions, keptnJson, runKeptn } from './keptn-command';
import {
  type LaunchedSystem,
  newLaunch,
  removeData,
  SEPARATE_PROCESSES,
  startSystem,
  WITHOUT_REACTIONS,
} from './running-system';

/**
 * A data folder of the version in which the event log delivered by itself. Its subscriber had got `delivered-1` to
 * `delivered-3`, and was away when `missed-1` to `missed-3` came.
 */
const FORMER_DATA = join(import.meta.dirname, '../fixtures/data-with-event-subscribers.tar.gz');
/** Its subscriber; the address is a part of the data. */
const FORMER_SUBSCRIBER = { host: '127.77.0.1', port: 24_871, path: '/events' } as const;

const TIMEOUT_MS = 120_000;
const POLL_MS = 50;

const eventOf = (id: string) => ({
  ...{ specversion: '1.0', id, source: 'a-test', type: 'sh.keptn.event.configuration.change', shkeptncontext: id },
  data: { project: 'sockshop', stage: 'dev', service: 'carts' },
});

describe('distribution after an upgrade', { timeout: TIMEOUT_MS }, () => {
  const received: { path: string | undefined; id: string }[] = [];
  const receiver = createServer((request, response) => {
    void (async () => {
      const body = JSON.parse((await request.setEncoding('utf8').toArray()).join('')) as { id: string };
      for (const { id } of [body].flat()) received.push({ path: request.url, id });
      response.end();
    })();
  });
  let system: LaunchedSystem;
  let options: CallOptions;

  const keptn = (...words: string[]) => runKeptn(words, options);
  const idsAt = (path: string): string[] => received.filter((each) => each.path === path).map(({ id }) => id);
  const untilAt = async (path: string, id: string): Promise<void> => {
    while (!idsAt(path).includes(id)) await delay(POLL_MS);
  };
  const store = async (id: string): Promise<void> => {
    expect((await system.call('POST', '/mongodb-datastore/event', eventOf(id))).status).toBe(201);
  };

  beforeAll(async () => {
    receiver.listen(FORMER_SUBSCRIBER.port, FORMER_SUBSCRIBER.host);
    await once(receiver, 'listening');
    const { host, port, path } = FORMER_SUBSCRIBER;
    const launch = await newLaunch({
      ...SEPARATE_PROCESSES,
      ...WITHOUT_REACTIONS,
      EVENT_SUBSCRIBERS: `http://${host}:${port}${path}`,
      ALLOWED_SINK_NETWORKS: host,
    });
    await promisify(execFile)('tar', ['-xzf', FORMER_DATA, '-C', launch.dataFolder]);
    system = await startSystem(launch);
    options = { environment: { KEPTN_ENDPOINT: system.endpoint, KEPTN_API_TOKEN: await system.token() } };
  }, TIMEOUT_MS);

  afterAll(async () => {
    await system.interrupt();
    receiver.close();
    await removeData(system.launch);
  });

  it('goes on where the version before had come to', async () => {
    await store('first-after');
    await untilAt('/events', 'first-after');
    expect(idsAt('/events')).toEqual(['missed-1', 'missed-2', 'missed-3', 'first-after']);
  });

  it('is taken up again after a kill -9, and loses nothing', async () => {
    process.kill((await system.processOf('event-broker')).pid, 'SIGKILL');
    for (let index = 0; index < 5; index++) await store(`killed-${index}`);
    await untilAt('/events', 'killed-4');
    const ids = [...new Set(idsAt('/events').filter((id) => id.startsWith('killed-')))];
    expect(ids).toEqual(['killed-0', 'killed-1', 'killed-2', 'killed-3', 'killed-4']);
  });

  it('is at the service of the keptn command', async () => {
    const sink = `http://${FORMER_SUBSCRIBER.host}:${FORMER_SUBSCRIBER.port}/hook`;
    const created = await keptn('create', 'subscription', 'hook', `--sink=${sink}`, '--filter=service=carts');
    expect([created.code, created.stdout]).toEqual([0, expect.stringContaining('whsec_')]);
    await store('wanted');
    await untilAt('/hook', 'wanted');
    expect(idsAt('/hook')).toEqual(['wanted']);
    expect((await keptn('update', 'subscription', 'hook', `--sink=${sink}/moved`)).code).toBe(0);
    // Who distributes learns of the change a moment later: until then events go to the sink before, and none goes to both.
    const sent = ['wanted'];
    while (idsAt('/hook/moved').length === 0) {
      const id = `moved-${sent.length}`;
      await store(id);
      sent.push(id);
      while (![...idsAt('/hook'), ...idsAt('/hook/moved')].includes(id)) await delay(POLL_MS);
    }
    expect([...idsAt('/hook'), ...idsAt('/hook/moved')]).toEqual(sent);
    const subscription = await keptnJson(['get', 'subscription', 'hook'], options);
    expect(subscription).toMatchObject({ name: 'hook', state: 'active', filters: [{ exact: { service: 'carts' } }] });
    expect((await keptn('get', 'subscriptions')).stdout).toMatch(/^hook +active/m);
    const deliveries = async (): Promise<Record<string, unknown>[]> =>
      (await keptnJson(['get', 'deliveries', '--subscription=hook'], options)) as Record<string, unknown>[];
    while ((await deliveries()).length < sent.length) await delay(POLL_MS);
    const [{ sequence, outcome } = {}] = await deliveries();
    expect(outcome).toBe('delivered');
    const explained = await keptn('explain', sent.at(-1) ?? '');
    expect(explained.stdout).toMatch(
      new RegExp(
        `^${String(sequence)}  sh\\.keptn\\.event\\.configuration\\.change  sockshop/dev/carts  a-test\\n +accepted +20\\S+Z\\n`,
      ),
    );
    expect(explained.stdout).toMatch(/^ +delivered +hook {2}200 at 20\S+Z$/m);
    expect(explained.stdout).toMatch(/^ +(?:delivered|waiting) +configuration-service$/m);
    expect((await keptn('redeliver', 'hook', String(sequence))).code).toBe(0);
    expect(idsAt('/hook/moved')).toEqual([sent.at(-1), sent.at(-1)]);
    expect((await keptn('delete', 'subscription', 'hook')).code).toBe(0);
    expect((await keptn('get', 'subscription', 'hook')).code).not.toBe(0);
  });

  it('is what a file says after keptn apply, and repeats a part of the log on request', async () => {
    const sink = `http://${FORMER_SUBSCRIBER.host}:${FORMER_SUBSCRIBER.port}/applied`;
    const file = join(system.launch.dataFolder, 'subscriptions.yaml');
    const apply = async (types: string, ...flags: string[]): Promise<string> => {
      const header = 'secretHeaders: { authorization: "Bearer ${HOOK_TOKEN}" }';
      const item = `{ name: applied, sink: "\${HOOK_URL}", types: [${types}]${flags.length > 0 ? `, ${header}` : ''} }`;
      await writeFile(file, `subscriptions:\n  - ${item}\n`);
      const environment = { ...options.environment, HOOK_URL: sink, HOOK_TOKEN: 'hidden' };
      const { stdout, stderr, code } = await runKeptn(['apply', '-f', file, ...flags], { environment });
      expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
      return stdout;
    };
    expect(await apply('a.type', '--dry-run')).toMatch(/^\+ subscription applied\nDry run/);
    expect(await apply('a.type')).toMatch(/^\+ subscription applied\nSecret .* whsec_/);
    expect(await apply('a.type')).toContain('nothing to change');
    expect(await apply('sh.keptn.>')).toBe('~ subscription applied: types\n');
    expect(await apply('sh.keptn.>', '--quiet')).toBe('');
    expect((await keptn('apply', '-f', file)).stderr).toContain('HOOK_URL');
    expect(idsAt('/applied')).toEqual([]);
    const replayed = await keptn('replay', 'applied', '--from=0');
    expect(replayed.stdout).toMatch(/^Events 1 to \d+ are delivered to applied again\n$/);
    await untilAt('/applied', 'delivered-1');
    await untilAt('/applied', 'wanted');
  });
});
