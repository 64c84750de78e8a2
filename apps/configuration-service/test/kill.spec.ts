import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BuiltService } from './built-service';
import { git } from './git-client';
import { shipyardOf } from './started-service';

const ROUNDS = 5;
/** Each round starts a process, which takes long on a busy machine. */
const TIMEOUT_MS = 120_000;
/** Created at once in a round, so that a kill at any time meets several of them halfway. */
const AT_ONCE = 6;
/** The longest that a round runs before the kill, in milliseconds: about what all creations of a round take. */
const LONGEST_ROUND_MS = 400;
const STAGES = ['dev', 'staging', 'prod'];

let service: BuiltService;
beforeAll(async () => {
  service = await BuiltService.build();
});
afterAll(() => service.remove());

/** What was asked for, and whether the service said that it is done. */
class Ledger {
  readonly tried: string[] = [];
  readonly acknowledged = new Set<string>();

  async create(name: string, path: string, body: unknown): Promise<void> {
    this.tried.push(name);
    const answer = await service.call('POST', path, body).catch(() => undefined);
    if (answer?.status === 204) {
      this.acknowledged.add(name);
    }
  }

  /** From here on it may exist or not, but not in part. */
  async delete(name: string, path: string): Promise<void> {
    this.acknowledged.delete(name);
    await service.call('DELETE', path).catch(() => undefined);
  }
}

describe('a service that is killed while it creates and deletes things', () => {
  it(
    'has each of them completely or not at all after the next start, and all that it said were done',
    async () => {
      const projects = new Ledger();
      const services = new Ledger();
      await service.start();
      await projects.create('base', '/v1/project', { projectName: 'base', shipyard: shipyardOf(STAGES) });
      for (let round = 0; round < ROUNDS; round++) {
        const names = Array.from({ length: AT_ONCE }, (_none, index) => `r${round}-${index}`);
        const work = names.flatMap((name) => [
          projects.create(name, '/v1/project', { projectName: name, shipyard: shipyardOf(STAGES) }),
          services.create(name, '/v1/project/base/service', { serviceName: name }),
        ]);
        for (const name of names.map((each) => each.replace(`r${round}`, `r${round - 1}`))) {
          work.push(projects.delete(name, `/v1/project/${name}`));
          work.push(services.delete(name, `/v1/project/base/service/${name}`));
        }
        await delay(Math.random() * LONGEST_ROUND_MS);
        await service.kill();
        await Promise.all(work);
        await service.start();
        await expectWholeProjects(projects);
        await expectWholeServices(services);
      }
      await expectSoundRepositories();
    },
    TIMEOUT_MS,
  );
});

async function expectWholeProjects({ tried, acknowledged }: Ledger): Promise<void> {
  for (const name of tried) {
    const shown = await service.call('GET', `/v1/project/${name}`);
    const inGit = await service.call('GET', `/v1/project/${name}/resource/shipyard.yaml`);
    if (acknowledged.has(name) || shown.status === 200 || inGit.status === 200) {
      expect(shown.body).toMatchObject({
        shipyard: shipyardOf(STAGES),
        stages: STAGES.map((stageName) => ({ stageName })),
      });
      for (const stage of STAGES) {
        expect((await service.call('GET', `/v1/project/${name}/stage/${stage}/resource/metadata.yaml`)).status).toBe(
          200,
        );
      }
    }
  }
}

async function expectWholeServices({ tried, acknowledged }: Ledger): Promise<void> {
  for (const name of tried) {
    const shown = await service.call('GET', `/v1/project/base/service/${name}`);
    const statuses = await Promise.all(
      STAGES.map(async (stage) => {
        const path = `/v1/project/base/stage/${stage}/service/${name}/resource/metadata.yaml`;
        return (await service.call('GET', path)).status;
      }),
    );
    const exists = acknowledged.has(name) || shown.status === 200;
    expect(statuses).toEqual(STAGES.map(() => (exists ? 200 : 404)));
    if (exists) {
      expect(shown.body).toMatchObject({ stageInfo: STAGES.map((stageName) => ({ stageName })) });
    }
  }
}

async function expectSoundRepositories(): Promise<void> {
  const repositories = join(service.folder, 'repositories');
  for (const name of await readdir(repositories)) {
    if (name.endsWith('.git')) {
      await git(join(repositories, name), 'fsck', '--full', '--strict');
    }
  }
}
