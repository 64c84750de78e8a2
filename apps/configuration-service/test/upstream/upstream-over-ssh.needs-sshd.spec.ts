import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { expectStatus, shipyardOf, StartedService } from '../started-service';
import { Person } from './person';
import { FETCH_OFTEN, PATIENCE, type ShownProject } from './shown-project';
import { SshServer } from './ssh-server';

describe('an upstream repository behind SSH', () => {
  let folder: string;
  let server: SshServer;
  let service: StartedService;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keptn-ssh-'));
    server = await SshServer.start(folder);
    service = await StartedService.start(FETCH_OFTEN);
  });
  afterAll(async () => {
    await service.stop();
    await server.stop();
    await rm(folder, { recursive: true });
  });

  it('takes commits with a private key, brings those of people, and is refused when its host key changes', async () => {
    const person = new Person(folder, 'ssh.git');
    await person.createRepository();
    const gitRemoteURI = server.address(person.repository);
    const access = { gitRemoteURI, gitPrivateKey: server.privateKey };
    await expectStatus(
      204,
      service.post('/v1/project', { projectName: 'p', shipyard: shipyardOf(['dev']), ...access }),
    );
    const state = async () => ((await service.get('/v1/project/p')).body as ShownProject).upstream;
    await vi.waitFor(async () => {
      expect(await state()).toMatchObject({ inSync: true });
    }, PATIENCE);
    await person.push('dev', { 'by-hand.yaml': 'x' });
    await vi.waitFor(async () => {
      expect((await service.get('/v1/project/p/stage/dev/resource/by-hand.yaml')).status).toBe(200);
    }, PATIENCE);
    await server.changeHostKey();
    await vi.waitFor(async () => {
      expect((await state())?.lastError).toContain('host key');
    }, PATIENCE);
    await expectStatus(204, service.put('/v1/project/p', { gitRemoteURI }));
    await vi.waitFor(async () => {
      expect(await state()).toMatchObject({ inSync: true });
      const files = await readdir(join(service.folder, 'credentials', 'p.ssh'));
      expect(files.filter((file) => !file.startsWith('key-'))).toEqual(['known_hosts']);
    }, PATIENCE);
  });
});
