import { once } from 'node:events';
import { watch } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type LaunchedSystem,
  newLaunch,
  removeData,
  SEPARATE_PROCESSES,
  startSystem,
  WITHOUT_REACTIONS,
} from './running-system';

/** Enough stages for the Git step to take a while. */
const STAGES = Array.from({ length: 60 }, (_, index) => `stage-${index}`);

/** The killed service is started again, in milliseconds. */
const TIMEOUT_MS = 90_000;

const shipyard = Buffer.from(`stages:\n${STAGES.map((stage) => `  - name: ${stage}\n`).join('')}`).toString('base64');

describe('when configuration-service is killed in the middle of the Git step', () => {
  let system: LaunchedSystem;
  let repositories: string;

  beforeAll(async () => {
    system = await startSystem(await newLaunch({ ...SEPARATE_PROCESSES, ...WITHOUT_REACTIONS }));
    repositories = join(system.launch.dataFolder, 'repositories');
    await mkdir(repositories, { recursive: true });
  });

  afterAll(async () => {
    await system.interrupt();
    await removeData(system.launch);
  });

  /** From now on: kills the service as soon as an entry that matches `name` appears in the folder. */
  const setTrap = async (folder: string, name: RegExp): Promise<{ sprung: Promise<unknown> }> => {
    const { pid } = await system.processOf('configuration-service');
    const watcher = watch(folder, (_event, entry) => {
      if (entry !== null && name.test(entry)) {
        watcher.close();
        process.kill(pid, 'SIGKILL');
      }
    });
    return { sprung: once(watcher, 'close') };
  };

  const untilItIsBack = () =>
    expect
      .poll(async () => (await system.call('GET', '/configuration-service/v1/project')).status, { timeout: 60_000 })
      .toBe(200);

  it('nothing of a new project is left, and it can be created again', { timeout: TIMEOUT_MS }, async () => {
    const project = 'project';
    const trap = await setTrap(repositories, /^\.new-/);
    const answer = await system.call('POST', '/v1/project', { name: project, shipyard });
    await trap.sprung;
    expect(answer.status).toBe(503);
    await untilItIsBack();

    expect((await system.call('GET', `/configuration-service/v1/project/${project}`)).status).toBe(404);
    expect((await system.call('GET', `/mongodb-datastore/event?project=${project}`)).json).toMatchObject({
      events: [],
    });
    expect(
      (await readdir(repositories)).filter((name) => name.includes(project) || /new-|deleted-/.test(name)),
    ).toEqual([]);

    expect((await system.call('POST', '/v1/project', { name: project, shipyard })).status).toBe(200);
    expect((await system.call('DELETE', `/v1/project/${project}`)).status).toBe(200);
  });

  it('a new service is on every stage or on none, and the view agrees', { timeout: TIMEOUT_MS }, async () => {
    await system.call('POST', '/v1/project', { name: 'shop', shipyard });
    const service = 'service';
    const trap = await setTrap(join(repositories, 'shop.git', 'refs', 'heads'), /\.lock$/);
    const answer = await system.call('POST', '/v1/project/shop/service', { serviceName: service });
    await trap.sprung;
    expect(answer.status).toBe(503);
    await untilItIsBack();

    const statuses = await Promise.all(
      STAGES.map(async (stage) => {
        const base = `/configuration-service/v1/project/shop/stage/${stage}`;
        const view = await system.call('GET', `${base}/service/${service}`);
        const file = await system.call('GET', `${base}/resource/${service}%2Fmetadata.yaml`);
        return `${view.status}, ${file.status}`;
      }),
    );
    expect(['200, 200', '404, 404']).toContain(statuses[0]);
    expect(new Set(statuses).size).toBe(1);
  });
});
