import { mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { git } from '../git-client';
import { base64, expectStatus, failure, shipyardOf, StartedService } from '../started-service';
import { GitHttpServer, USER } from './git-http-server';
import { Person } from './person';
import { FETCH_OFTEN, PATIENCE, type ShownProject } from './shown-project';

const TOKEN = '1234567890';
const ROTATED = 'glpat-the-next-one';

/** A folder whose files change all at once, the way in which Kubernetes mounts a secret. */
class MountedSecret {
  private versions = 0;

  constructor(readonly folder: string) {}

  async mount(files: Readonly<Record<string, string>>): Promise<void> {
    const version = `..version-${++this.versions}`;
    await mkdir(join(this.folder, version), { recursive: true });
    for (const [name, content] of Object.entries(files)) {
      await writeFile(join(this.folder, version, name), content);
    }
    await symlink(version, join(this.folder, '..new'));
    await rename(join(this.folder, '..new'), join(this.folder, '..data'));
    const visible = (await readdir(this.folder)).filter((name) => !name.startsWith('..'));
    for (const name of Object.keys(files).filter((file) => !visible.includes(file))) {
      await symlink(join('..data', name), join(this.folder, name));
    }
    for (const name of visible.filter((each) => files[each] === undefined)) {
      await rm(join(this.folder, name));
    }
  }
}

describe('an upstream that the operator has set', () => {
  let folder: string;
  let secret: MountedSecret;
  let server: GitHttpServer;
  let service: StartedService;
  let person: Person;
  let projects = 0;
  let project: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keptn-mounted-'));
    secret = new MountedSecret(join(folder, 'secret'));
    await secret.mount({});
    server = new GitHttpServer(folder, TOKEN);
    await server.start();
    service = await StartedService.start({ ...FETCH_OFTEN, UPSTREAM_CREDENTIALS_DIR: secret.folder });
  });
  afterAll(async () => {
    await service.stop();
    await server.stop();
    await rm(folder, { recursive: true });
  });
  beforeEach(async () => {
    server.token = TOKEN;
    project = `p${++projects}`;
    person = new Person(folder, `${project}.git`);
    await person.createRepository();
  });

  /** YAML; JSON is YAML as well. */
  const yamlWith = (token: string) => `remoteURI: ${server.address(person.name)}\nuser: ${USER}\ntoken: ${token}\n`;
  const shown = async () => (await service.get(`/v1/project/${project}`)).body as ShownProject;
  const create = () =>
    expectStatus(204, service.post('/v1/project', { projectName: project, shipyard: shipyardOf(['dev']) }));
  const showing = (upstream: object | undefined) =>
    vi.waitFor(async () => {
      expect((await shown()).upstream).toEqual(upstream === undefined ? undefined : expect.objectContaining(upstream));
    }, PATIENCE);

  it('is taken into use, follows a rotated token, and ends, while the service runs', async () => {
    await create();
    expect((await shown()).upstream).toBeUndefined();
    await secret.mount({ [project]: yamlWith(TOKEN) });
    await showing({ inSync: true });
    expect(await shown()).toMatchObject({ gitUser: USER, gitRemoteURI: server.address(person.name) });
    expect(await person.branches()).toEqual(['dev', 'master']);

    server.token = ROTATED;
    await showing({ lastError: expect.stringContaining('does not accept') });
    await secret.mount({
      [project]: JSON.stringify({ remoteURI: server.address(person.name), user: USER, token: ROTATED }),
    });
    await showing({ inSync: true });

    await secret.mount({});
    await showing(undefined);
  });

  it('becomes the upstream of a new project of this name, and is found again at the next start', async () => {
    await person.push('master', { 'README.md': 'by hand' });
    await secret.mount({ [project]: yamlWith(TOKEN) });
    await vi.waitFor(async () => {
      const request = {
        projectName: project,
        gitRemoteURI: server.address('another.git'),
        gitToken: 'x',
        gitUser: USER,
      };
      expect(await service.post('/v1/project?dryRun=true', request)).toMatchObject(
        failure(409, expect.stringContaining('set by the operator')),
      );
    }, PATIENCE);
    await create();
    await showing({ inSync: true });
    expect(await person.git('show', 'master:README.md')).toBe('by hand');
    expect(await git(service.repository(project), 'show', 'master:README.md')).toBe('by hand');

    await service.restart();
    await showing({ inSync: true });
    const body = { resourceURI: 'x', resourceContent: base64('after the restart') };
    await expectStatus(201, service.put(`/v1/project/${project}/stage/dev/resource/x`, body));
    await vi.waitFor(async () => {
      expect(await person.git('show', 'dev:x')).toBe('after the restart');
    }, PATIENCE);
    const files = await readdir(service.folder, { recursive: true, withFileTypes: true });
    const contents = await Promise.all(
      files.filter((file) => file.isFile()).map((file) => readFile(join(file.parentPath, file.name), 'latin1')),
    );
    expect(contents.join('\n')).not.toContain(TOKEN);
  });

  it('is not changed or removed by a request', async () => {
    await create();
    await secret.mount({ [project]: yamlWith(TOKEN) });
    await showing({ inSync: true });
    for (const change of [{ gitRemoteURI: '' }, { gitRemoteURI: server.address('another.git') }, { gitToken: 'x' }]) {
      expect(await service.put(`/v1/project/${project}`, change)).toMatchObject(
        failure(409, expect.stringContaining('UPSTREAM_CREDENTIALS_DIR')),
      );
    }
    await showing({ inSync: true });
  });

  it('stays as it was when the file becomes one that cannot be used', async () => {
    await create();
    await secret.mount({ [project]: yamlWith(TOKEN) });
    await showing({ inSync: true });
    // The other project shows that the folder was read since.
    const before = new Person(folder, `${project}-other.git`);
    await before.createRepository();
    await service.project(`${project}-other`);
    const other = `remoteURI: ${server.address(before.name)}\nuser: ${USER}\ntoken: ${TOKEN}\n`;
    await secret.mount({ [project]: '{ token: [', [`${project}-other`]: other });
    await vi.waitFor(async () => {
      expect(await before.branches()).toEqual(['dev', 'master']);
    }, PATIENCE);
    await showing({ inSync: true });
  });
});
