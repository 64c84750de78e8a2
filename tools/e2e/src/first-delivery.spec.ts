import { execFile } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { type Launch, newLaunch, removeData, startSystem } from './running-system';

const execute = promisify(execFile);

const WORKSPACE = join(import.meta.dirname, '../../..');

const FIRST_DELIVERY = join(import.meta.dirname, '../../first-delivery/first-delivery.mjs');

/** Seconds from the start to the line that says that it is ready, and from Ctrl-C to the end. */
const START_SECONDS = 20;
const STOP_SECONDS = 10;

describe('a fresh system', () => {
  let launch: Launch;

  afterAll(() => removeData(launch));

  it('starts, delivers, stops at Ctrl-C, and has everything after a second start', async () => {
    launch = await newLaunch();
    const startedAt = performance.now();
    const first = await startSystem(launch);
    expect((performance.now() - startedAt) / 1000).toBeLessThan(START_SECONDS);

    expect(first.output.trim().split('\n').at(-1)).toBe(`Keptn is ready at ${first.endpoint}`);
    expect(first.output).toMatch(/Token +\S{43}\n/);
    expect(first.output).toContain(`Swagger UI   ${first.endpoint}/swagger-ui/`);

    const commands = first.output.match(/^ .*node tools\/call\.mjs .*$/gm) ?? [];
    expect(commands).toHaveLength(3);
    for (const command of commands) {
      const { stdout } = await execute('bash', ['-c', command], { cwd: WORKSPACE });
      expect(JSON.parse(stdout)).toBeTypeOf('object');
    }

    const { stdout } = await execute(process.execPath, [FIRST_DELIVERY], {
      env: { ...process.env, KEPTN_ENDPOINT: first.endpoint, KEPTN_DATA_DIR: launch.dataFolder },
    });
    expect(stdout).toMatch(/evaluation +pass, score 100/);
    expect(stdout).toContain('carts:0.13.1');
    const context = /Keptn context +(\S+)/.exec(stdout)?.[1] ?? '';
    const before = await everything(first, context);

    const stoppedAt = performance.now();
    expect(await first.interrupt()).toBe(0);
    expect((performance.now() - stoppedAt) / 1000).toBeLessThan(STOP_SECONDS);

    const second = await startSystem(launch);
    expect(await everything(second, context)).toEqual(before);
    expect(before.map(({ status }) => status)).toEqual(before.map(() => 200));
    expect(await second.interrupt()).toBe(0);
  });
});

const everything = (system: Awaited<ReturnType<typeof startSystem>>, context: string) =>
  Promise.all(
    [
      '/configuration-service/v1/project',
      '/configuration-service/v1/project/sockshop/resource/shipyard.yaml',
      '/configuration-service/v1/project/sockshop/stage/dev/resource?pageSize=50',
      '/configuration-service/v1/project/sockshop/stage/dev/service/carts/resource/helm%2Fcarts.tgz',
      '/configuration-service/v1/project/sockshop/stage/dev/service/carts/resource/helm/carts/values.yaml',
      `/mongodb-datastore/event?keptnContext=${context}`,
      '/mongodb-datastore/event?project=sockshop',
    ].map(async (path) => {
      const { status, json } = await system.call('GET', path);
      return { path, status, json };
    }),
  );
