import { mkdtemp, readdir, readFile, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { git } from '../git-client';
import { base64, expectStatus, failure, shipyardOf, StartedService } from '../started-service';
import { startForwardProxy } from './forward-proxy';
import { GitHttpServer, USER } from './git-http-server';
import { Person } from './person';
import { FETCH_OFTEN, PATIENCE, type ShownProject } from './shown-project';

const TOKEN = 'a-token-nobody-may-see';

describe('the upstream repository of a project', () => {
  let folder: string;
  let server: GitHttpServer;
  let service: StartedService;
  let person: Person;
  let repositories = 0;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keptn-upstream-'));
    server = new GitHttpServer(folder, TOKEN);
    await server.start();
    service = await StartedService.start(FETCH_OFTEN);
  });
  afterAll(async () => {
    await service.stop();
    await server.stop();
    await rm(folder, { recursive: true });
  });
  beforeEach(() => {
    person = new Person(folder, `upstream-${++repositories}.git`);
  });
  afterEach(async () => {
    server.token = TOKEN;
    const { projects } = (await service.get('/v1/project')).body as { projects: { projectName: string }[] };
    await Promise.all(projects.map(({ projectName }) => service.delete(`/v1/project/${projectName}`)));
  });

  const access = () => ({ gitUser: USER, gitToken: TOKEN, gitRemoteURI: server.address(person.name) });
  const create = (more: object = {}) =>
    expectStatus(
      204,
      service.post('/v1/project', { projectName: 'p', shipyard: shipyardOf(['dev']), ...access(), ...more }),
    );
  const shown = async () => (await service.get('/v1/project/p')).body as ShownProject;
  const write = async (uri: string, content: string) => {
    const path = `/v1/project/p/stage/dev/resource/${encodeURIComponent(uri)}`;
    const { body } = await expectStatus(201, service.put(path, { resourceURI: uri, resourceContent: base64(content) }));
    return (body as { version: string }).version;
  };
  const read = async (uri: string) => {
    const { body } = await service.get(`/v1/project/p/stage/dev/resource/${encodeURIComponent(uri)}`);
    return Buffer.from((body as { resourceContent?: string }).resourceContent ?? '', 'base64').toString();
  };
  const inSync = () =>
    vi.waitFor(async () => {
      expect((await shown()).upstream).toEqual({ inSync: true, ahead: 0, behind: 0 });
    }, PATIENCE);

  it('gets everything when it is empty, and shows what the API shows', async () => {
    await person.createRepository();
    await create();
    await expectStatus(200, service.post('/v1/project/p/service', { serviceName: 'carts' }));
    await write('carts/slo.yaml', 'slo');
    await inSync();
    expect(await shown()).toMatchObject({ gitUser: USER, gitRemoteURI: server.address(person.name) });
    const own = service.repository('p');
    for (const branch of ['master', 'dev']) {
      expect(await person.git('ls-tree', '-r', branch)).toBe(await git(own, 'ls-tree', '-r', branch));
    }
    expect(await person.git('show', 'dev:carts/slo.yaml')).toBe('slo');
    expect((await service.get('/v1/project/p/stage/dev/resource/carts%2Fslo.yaml')).body).toMatchObject({
      metadata: { upstreamURL: server.address(person.name), branch: 'dev' },
    });
  });

  it('is adopted with its branches, its shipyard and its services', async () => {
    await person.createRepository('main');
    const shipyard = Buffer.from(shipyardOf(['dev', 'prod']), 'base64').toString();
    await person.push('main', { 'shipyard.yaml': shipyard });
    await person.push('dev', { 'carts/metadata.yaml': 'servicename: carts\n' });
    await create({ shipyard: undefined });
    await inSync();
    const project = await shown();
    expect(project).toMatchObject({ shipyard: base64(shipyard) });
    expect(
      project.stages.map(({ stageName, services }) => [stageName, services.map((each) => each.serviceName)]),
    ).toEqual([
      ['dev', ['carts']],
      ['prod', []],
    ]);
    expect(await person.branches()).toEqual(['dev', 'main', 'master', 'prod']);
  });

  it('is adopted with a commit that names the request, also when it has all files of a project', async () => {
    await person.createRepository('master');
    const shipyard = Buffer.from(shipyardOf(['dev']), 'base64').toString();
    await person.push('master', { 'shipyard.yaml': shipyard, 'metadata.yaml': 'projectname: p\n' });
    await create({ shipyard: base64(shipyard) });
    const message = await git(service.repository('p'), 'log', '-1', '--format=%B', 'master');
    expect(message).toMatch(/^Adopted project p\n\n(?:.*\n)*Request-Id: /);
  });

  it('brings the commits of people, also new services', async () => {
    await person.createRepository();
    await create();
    await inSync();
    await person.push('dev', { 'by-hand.yaml': 'hello', 'orders/metadata.yaml': 'servicename: orders\n' });
    await vi.waitFor(async () => {
      expect(await read('by-hand.yaml')).toBe('hello');
      expect((await shown()).stages[0]?.services).toMatchObject([{ serviceName: 'orders' }]);
    }, PATIENCE);
  });

  it('loses nothing when people and the API write at the same time', { timeout: 120_000 }, async () => {
    await person.createRepository();
    await create();
    await inSync();
    const byHand = async () => {
      for (let index = 0; index < 4; index++) {
        // Refused while the service is pushing, as any push is: a person tries again.
        await vi.waitFor(() => person.push('dev', { [`hand-${index}.yaml`]: 'x' }), PATIENCE);
      }
    };
    const versions: string[] = [];
    const byApi = async () => {
      for (let index = 0; index < 20; index++) {
        versions.push(await write(`api-${index}.yaml`, 'x'));
      }
    };
    await Promise.all([byHand(), byApi()]);
    await vi.waitFor(async () => {
      const files = (await person.git('ls-tree', '-r', '--name-only', 'dev')).split('\n');
      expect(files.filter((file) => file.startsWith('hand-'))).toHaveLength(4);
      expect(files.filter((file) => file.startsWith('api-'))).toHaveLength(20);
      expect(await read('hand-3.yaml')).toBe('x');
    }, PATIENCE);
    await inSync();
    for (const [index, version] of versions.entries()) {
      const path = `/v1/project/p/stage/dev/resource/api-${index}.yaml?gitCommitID=${version}`;
      expect((await expectStatus(200, service.get(path))).body).toMatchObject({ metadata: { version } });
    }
    await git(service.repository('p'), 'fsck', '--full', '--strict', '--no-dangling');
    await person.git('fsck', '--full', '--strict', '--no-dangling');
  });

  it('reports a conflict, keeps both sides, and goes on when they agree', async () => {
    await person.createRepository();
    await create();
    await write('values.yaml', 'first');
    await inSync();
    await server.stop();
    await person.push('dev', { 'values.yaml': 'theirs' });
    await write('values.yaml', 'ours');
    await server.start();
    await vi.waitFor(async () => {
      expect((await shown()).upstream).toMatchObject({
        inSync: false,
        ahead: 1,
        behind: 1,
        conflicts: [{ branch: 'dev', paths: ['values.yaml'] }],
      });
    }, PATIENCE);
    expect(await read('values.yaml')).toBe('ours');
    expect(await person.git('show', 'dev:values.yaml')).toBe('theirs');
    await write('values.yaml', 'theirs');
    await write('values.yaml', 'ours in the end');
    await inSync();
    expect(await person.git('show', 'dev:values.yaml')).toBe('ours in the end');
  });

  it('may be down: reads and writes go on, and it catches up', async () => {
    await person.createRepository();
    await create();
    await inSync();
    await server.stop();
    await write('meanwhile.yaml', 'x');
    await vi.waitFor(async () => {
      expect((await shown()).upstream).toMatchObject({
        inSync: false,
        ahead: 1,
        failingSince: expect.any(String),
        lastError: expect.stringContaining('cannot be reached'),
      });
    }, PATIENCE);
    expect(await read('meanwhile.yaml')).toBe('x');
    await service.restart(FETCH_OFTEN);
    await server.start();
    await inSync();
    expect(await person.git('show', 'dev:meanwhile.yaml')).toBe('x');
  });

  const refuse = () => person.hook('pre-receive', 'echo "GL-HOOK-ERR: protected branch" >&2; exit 1');
  const save = (headers: Record<string, string> = {}) =>
    service.call('PUT', '/v1/project/p/stage/dev/resource/x', {
      body: { resourceURI: 'x', resourceContent: base64(String(Math.random())) },
      headers,
    });

  it('that refuses the commits leaves no project behind, and the answer holds what it said', async () => {
    await person.createRepository();
    await refuse();
    const answer = await service.post('/v1/project', {
      projectName: 'p',
      shipyard: shipyardOf(['dev']),
      ...access(),
    });
    expect(answer).toMatchObject(failure(400, expect.stringContaining('it says: GL-HOOK-ERR: protected branch')));
    expect((await service.get('/v1/project/p')).status).toBe(404);
    expect(await readdir(join(service.folder, 'credentials'))).toEqual([]);
    expect(await person.branches()).toEqual([]);
    await person.hook('pre-receive', 'exit 0');
    await create();
  });

  it('has a new project when its creation is answered, and clones have its files', async () => {
    await person.createRepository('main');
    await create();
    expect(await person.git('rev-parse', 'dev', 'main', 'master')).toBe(
      await git(service.repository('p'), 'rev-parse', 'dev', 'master', 'master'),
    );
  });

  it('warns whoever writes while it refuses the commits, from the first write on', async () => {
    await person.createRepository();
    await create();
    await inSync();
    await refuse();
    for (let write = 0; write < 2; write++) {
      // A caller that does not wait for it hears of a refusal that comes within a second.
      const { status, headers } = await save(write === 0 ? { Prefer: 'wait=30' } : {});
      expect(status).toBe(201);
      expect(headers.get('Warning')).toMatch(
        /^199 - "stored, but not in the upstream repository: .*GL-HOOK-ERR: protected/,
      );
    }
    const removal = await service.delete('/v1/project/p/stage/dev/resource/x');
    expect(removal.headers.get('Warning')).toContain('GL-HOOK-ERR');
    expect((await service.get('/v1/project/p')).headers.get('Warning')).toBeNull();
    expect((await shown()).upstream).toMatchObject({
      ahead: 1,
      failingSince: expect.any(String),
      lastError: expect.stringContaining('it says: GL-HOOK-ERR: protected branch'),
    });
  });

  it('warns of a conflict', async () => {
    await person.createRepository();
    await create();
    await inSync();
    await server.stop();
    await person.push('dev', { x: 'theirs' });
    await save();
    await server.start();
    await vi.waitFor(async () => {
      expect((await shown()).upstream).toHaveProperty('conflicts');
    }, PATIENCE);
    expect((await save()).headers.get('Warning')).toContain('branch dev conflicts with the upstream repository in x');
  });

  it('is waited for when the writer prefers that, and tried again at once', async () => {
    await person.createRepository();
    await create();
    await refuse();
    await save();
    await person.hook('pre-receive', 'exit 0');
    const { headers } = await save({ Prefer: 'handling=strict, wait=30' });
    expect(headers.get('Preference-Applied')).toBe('wait=30');
    expect(headers.get('Warning')).toBeNull();
    expect(await person.git('rev-parse', 'dev')).toBe(await git(service.repository('p'), 'rev-parse', 'dev'));
  });

  it('that is slow is not waited for longer than the writer prefers', async () => {
    await person.createRepository();
    await create();
    await inSync();
    const hold = join(person.repository, 'hold');
    await writeFile(hold, '');
    await person.hook('pre-receive', `while [ -e ${hold} ]; do sleep 0.05; done`);
    expect((await save({ Prefer: 'wait=0' })).headers.get('Warning')).toContain('not yet in the upstream repository');
    await unlink(hold);
    await inSync();
  });

  it('may be private and renamed: its redirect is followed on the same host', async () => {
    await person.createRepository();
    server.moves.set('former', server.address(person.name));
    await create({ gitRemoteURI: server.address('former') });
    await write('moved.yaml', 'x');
    await inSync();
    expect(await person.git('show', 'dev:moved.yaml')).toBe('x');
  });

  it('may be renamed behind a proxy that alone reaches it', async () => {
    const proxy = await startForwardProxy(server.address(''));
    vi.stubEnv('http_proxy', proxy.url);
    vi.stubEnv('no_proxy', '127.0.0.1');
    await person.createRepository();
    server.moves.set('behind', `http://git.test/${person.name}`);
    await create({ gitRemoteURI: 'http://git.test/behind' });
    await write('moved.yaml', 'x');
    await inSync();
    vi.unstubAllEnvs();
    proxy.close();
    expect(await person.git('show', 'dev:moved.yaml')).toBe('x');
  });

  it('is not followed to another host, which never sees the credentials', async () => {
    await person.createRepository();
    const elsewhere = new GitHttpServer(folder, TOKEN);
    await elsewhere.start();
    server.moves.set('away', elsewhere.address(person.name));
    const project = { projectName: 'p', shipyard: shipyardOf(['dev']), ...access() };
    const answer = await service.post('/v1/project', { ...project, gitRemoteURI: server.address('away') });
    expect(answer).toMatchObject(failure(400, expect.stringContaining('The upstream repository')));
    expect(elsewhere.accepted).toBe(0);
    await elsewhere.stop();
  });

  it('is needed for nothing when the project is deleted', async () => {
    await person.createRepository();
    await create();
    await server.stop();
    await expectStatus(204, service.delete('/v1/project/p'));
    await server.start();
    expect(await readdir(join(service.folder, 'credentials'))).toEqual([]);
    expect(await person.git('cat-file', '-t', 'HEAD').catch(() => 'commit')).toBe('commit');
  });

  it('leaves nothing behind when its token is wrong, or it does not exist', async () => {
    await person.createRepository();
    const project = { projectName: 'p', shipyard: shipyardOf(['dev']), ...access() };
    const wrong = await service.post('/v1/project', { ...project, gitToken: 'another-secret' });
    expect(wrong).toMatchObject(failure(400, expect.stringContaining('does not accept the credentials')));
    expect(JSON.stringify(wrong.body)).not.toContain('another-secret');
    const missing = await service.post('/v1/project', { ...project, gitRemoteURI: server.address('none.git') });
    expect(missing).toMatchObject(failure(400, expect.stringContaining('no such repository')));
    expect((await service.get('/v1/project/p')).status).toBe(404);
    expect(await readdir(join(service.folder, 'credentials'))).toEqual([]);
    expect((await readdir(join(service.folder, 'repositories'))).filter((name) => !name.startsWith('.owner'))).toEqual(
      [],
    );
    await create();
  });

  it.each([
    [{ gitRemoteURI: 'ext::sh -c id' }, 'must be an address'],
    [{ gitRemoteURI: 'file:///etc' }, 'must be an address'],
    [{ gitRemoteURI: `https://u:${TOKEN}@git.example/p.git` }, 'must not hold a password'],
    [{ gitToken: '' }, 'token is missing'],
    [{ gitUser: '' }, 'user is missing'],
    [{ gitRemoteURI: '' }, 'gitRemoteURI in body is required'],
    [{ gitRemoteURI: 'git@127.0.0.1:p.git', gitPrivateKey: 'no key' }, 'private key is missing'],
  ])('is refused as %j', async (wrong, reason) => {
    const answer = await service.post('/v1/project', { projectName: 'p', ...access(), ...wrong });
    expect(answer).toMatchObject(failure(400, expect.stringContaining(reason)));
    expect(JSON.stringify(answer.body)).not.toContain(TOKEN);
  });

  it('brings the shipyard when the request has an empty one, which is refused when it brings none', async () => {
    await person.createRepository('main');
    const project = { projectName: 'p', shipyard: '', ...access() };
    const refusal = failure(400, expect.stringContaining('the upstream repository has no shipyard.yaml'));
    expect(await service.post('/v1/project?dryRun=true', project)).toMatchObject(refusal);
    expect(await service.post('/v1/project', project)).toMatchObject(refusal);
    expect((await service.get('/v1/project/p')).status).toBe(404);

    await person.push('main', { 'shipyard.yaml': Buffer.from(shipyardOf(['dev', 'prod']), 'base64').toString() });
    await expectStatus(204, service.post('/v1/project?dryRun=true', project));
    await expectStatus(204, service.post('/v1/project', project));
    expect(await shown()).toMatchObject({ stages: [{ stageName: 'dev' }, { stageName: 'prod' }] });
  });

  it('is tested and not changed by a dry run', async () => {
    await person.createRepository();
    const project = { projectName: 'p', shipyard: shipyardOf(['dev']), ...access() };
    await expectStatus(204, service.post('/v1/project?dryRun=true', project));
    await expectStatus(400, service.post('/v1/project?dryRun=true', { ...project, gitToken: 'wrong' }));
    await expectStatus(400, service.post('/v1/project?dryRun=true', { ...project, shipyard: base64('stages: []') }));
    expect((await service.get('/v1/project/p')).status).toBe(404);
    expect(await person.branches()).toEqual([]);
    await create();
    await expectStatus(409, service.post('/v1/project?dryRun=true', project));
  });

  it('can be set, get another token, change and be removed later', async () => {
    await person.createRepository();
    await service.project('p', ['dev']);
    expect((await shown()).upstream).toBeUndefined();
    await expectStatus(204, service.put('/v1/project/p', { projectName: 'p', ...access() }));
    await inSync();
    server.token = 'a-new-token-nobody-may-see';
    await vi.waitFor(async () => {
      expect((await shown()).upstream?.lastError).toContain('does not accept the credentials');
    }, PATIENCE);
    expect(await service.put('/v1/project/p', { gitToken: 'wrong' })).toMatchObject(
      failure(400, expect.stringContaining('does not accept the credentials')),
    );
    await expectStatus(204, service.put('/v1/project/p', { gitToken: server.token }));
    await write('later.yaml', 'x');
    await inSync();
    const other = new Person(folder, `other-${person.name}`);
    await other.createRepository();
    await expectStatus(204, service.put('/v1/project/p', { gitRemoteURI: server.address(other.name) }));
    await inSync();
    expect(await other.git('show', 'dev:later.yaml')).toBe('x');
    await expectStatus(204, service.put('/v1/project/p', { gitRemoteURI: '', gitUser: '', gitToken: '' }));
    expect(await shown()).toMatchObject({ projectName: 'p' });
    expect((await shown()).gitRemoteURI).toBeUndefined();
    expect(await readdir(join(service.folder, 'credentials'))).toEqual([]);
  });

  it('never gets the token of another host', async () => {
    await person.createRepository();
    await create();
    expect(await service.put('/v1/project/p', { gitRemoteURI: 'http://localhost:1/p.git' })).toMatchObject(
      failure(400, expect.stringContaining('missing')),
    );
  });

  it('has credentials in one file that only its owner can read', async () => {
    await person.createRepository();
    await create();
    const credentials = join(service.folder, 'credentials');
    expect((await stat(credentials)).mode & 0o777).toBe(0o700);
    expect((await stat(join(credentials, 'p.json'))).mode & 0o777).toBe(0o600);
    expect(await readFile(join(credentials, 'p.json'), 'utf8')).toContain(TOKEN);
  });

  it('with UPSTREAM_PUSH=sync has a commit when the write is answered, and delays nothing while it is down', async () => {
    await service.restart({ UPSTREAM_PUSH: 'sync' });
    await person.createRepository();
    await create();
    await write('now.yaml', 'x');
    expect(await person.git('show', 'dev:now.yaml')).toBe('x');
    await server.stop();
    await write('down.yaml', 'x');
    await server.start();
    await inSync();
    await service.restart(FETCH_OFTEN);
  });
});
