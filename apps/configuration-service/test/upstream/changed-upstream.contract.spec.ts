import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { expectStatus, failure, StartedService } from '../started-service';
import { GitHttpServer, USER } from './git-http-server';
import { Person } from './person';
import { FETCH_OFTEN, PATIENCE, type ShownProject } from './shown-project';

const TOKEN = 'a-token-nobody-may-see';

describe('an upstream repository that is set while its project goes away', () => {
  let folder: string;
  let server: GitHttpServer;
  let service: StartedService;
  let person: Person;
  let continueTest: () => void;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keptn-changed-'));
    server = new GitHttpServer(folder, TOKEN);
    await server.start();
    service = await StartedService.start(FETCH_OFTEN);
    person = new Person(folder, 'up.git');
    await person.createRepository();
  });
  afterAll(async () => {
    await service.stop();
    await server.stop();
    await rm(folder, { recursive: true });
  });
  beforeEach(async () => {
    await service.project('p', ['dev']);
    server.delay = new Promise((resolve) => (continueTest = resolve));
  });

  /** Sets the upstream; while it is tested, something else happens. */
  async function setMeanwhile(change: () => Promise<unknown>) {
    const before = server.accepted;
    const fields = { projectName: 'p', gitUser: USER, gitToken: TOKEN, gitRemoteURI: server.address(person.name) };
    const answer = service.put('/v1/project/p', fields);
    await vi.waitFor(() => {
      expect(server.accepted).toBeGreaterThan(before);
    }, PATIENCE);
    await change();
    continueTest();
    return await answer;
  }

  it('is not kept for the next project of that name', async () => {
    const answer = await setMeanwhile(() => expectStatus(204, service.delete('/v1/project/p')));
    expect(answer).toMatchObject(failure(404, expect.stringContaining('not found')));
    expect(await readdir(join(service.folder, 'credentials'))).toEqual([]);
  });

  it('is not given to another project of that name', async () => {
    const answer = await setMeanwhile(async () => {
      await expectStatus(204, service.delete('/v1/project/p'));
      await service.project('p', ['dev']);
    });
    expect(answer).toMatchObject(failure(404, expect.stringContaining('not found')));
    expect(((await service.get('/v1/project/p')).body as ShownProject).gitRemoteURI).toBeUndefined();
    expect(await readdir(join(service.folder, 'credentials'))).toEqual([]);
    await expectStatus(204, service.delete('/v1/project/p'));
  });
});
