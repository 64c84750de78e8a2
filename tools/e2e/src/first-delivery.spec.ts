import { execFile } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { type Launch, newLaunch, removeData, startSystem } from './running-system';

const execute = promisify(execFile);

const WORKSPACE = join(import.meta.dirname, '../../..');

/** Two starts and thirty calls of a command, each a process of its own, on a small and busy machine. */
const TIMEOUT_MS = 180_000;

describe('a fresh system', () => {
  let launch: Launch;

  afterAll(() => removeData(launch));

  it(
    'starts, delivers, stops at Ctrl-C, and has everything after a second start',
    { timeout: TIMEOUT_MS },
    async () => {
      launch = await newLaunch();
      const first = await startSystem(launch);

      expect(first.output.trim().split('\n').at(-1)).toBe(`Keptn is ready at ${first.endpoint}`);
      expect(first.output).toMatch(/Token +\S{43}\n/);
      expect(first.output).toContain(`Swagger UI   ${first.endpoint}/swagger-ui/`);

      // As a person with an empty home folder would, who copies the commands one after the other.
      const environment = { ...process.env, HOME: launch.dataFolder };
      const commands = first.output.match(/^ .*npx keptn .*$/gm) ?? [];
      expect(commands).toHaveLength(3);
      const { stdout: tried } = await execute('bash', ['-c', commands.join(' && ')], {
        cwd: WORKSPACE,
        env: environment,
      });
      expect(tried).toContain('Project successfully created');
      expect(tried).toContain('sh.keptn.internal.event.project.create');

      const { stdout } = await execute('npm', ['run', 'first-delivery'], { cwd: WORKSPACE, env: environment });
      expect(stdout).toMatch(/evaluation-done .* lighthouse-service +pass/);
      expect(stdout).toMatch(/configuration\.change +sockshop\/staging\/carts +gatekeeper-service/);
      expect(stdout).toMatch(/carts +sockshop +dev .* docker.io\/keptnexamples\/carts:0.13.1/);
      const context = /Keptn context (\S+):/.exec(stdout)?.[1] ?? '';
      const before = await everything(first, context);

      expect(await first.interrupt()).toBe(0);

      const second = await startSystem(launch);
      expect(await everything(second, context)).toEqual(before);
      expect(before.map(({ status }) => status)).toEqual(before.map(() => 200));
      expect(await second.interrupt()).toBe(0);
    },
  );
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
