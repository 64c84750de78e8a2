import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { base64, expectStatus, shipyardOf, StartedService } from '../started-service';
import { GitHttpServer, USER } from './git-http-server';
import { Person } from './person';
import { FETCH_OFTEN, PATIENCE, type ShownProject } from './shown-project';

const TOKEN = 'a-token-nobody-may-see';

/** What this API would never write, and Git takes. */
describe('what people push to an upstream repository', () => {
  let folder: string;
  let server: GitHttpServer;
  let service: StartedService;
  let person: Person;
  let repositories = 0;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keptn-people-'));
    server = new GitHttpServer(folder, TOKEN);
    await server.start();
    service = await StartedService.start(FETCH_OFTEN);
    await service.project('other', ['dev'], ['carts']);
  });
  afterAll(async () => {
    await service.stop();
    await server.stop();
    await rm(folder, { recursive: true });
  });
  beforeEach(async () => {
    person = new Person(folder, `people-${++repositories}.git`);
    await person.createRepository();
  });
  afterEach(async () => {
    await expectStatus(200, service.get('/v1/project/other/stage/dev/service'));
    await expectStatus(200, service.get('/ready'));
    await expectStatus(204, service.delete('/v1/project/p'));
  });

  const create = () =>
    expectStatus(
      204,
      service.post('/v1/project', {
        projectName: 'p',
        shipyard: shipyardOf(['dev']),
        gitUser: USER,
        gitToken: TOKEN,
        gitRemoteURI: server.address(person.name),
      }),
    );
  const shown = async () => (await service.get('/v1/project/p')).body as ShownProject & { shipyard?: string };
  const servicesIn = async () => (await shown()).stages[0]?.services.map(({ serviceName }) => serviceName);
  const fetched = (services: readonly string[]) =>
    vi.waitFor(async () => {
      expect(await servicesIn()).toEqual(services);
    }, PATIENCE);
  const resource = (uri: string) => service.get(`/v1/project/p/stage/dev/service/carts/resource/${uri}`);

  /** Moves a branch to a new commit on it. @param input of `git mktree -z`, in Latin-1, or nothing for the same files */
  async function commit(
    branch: string,
    { date = '1700000000', tree }: { date?: string; tree?: string },
  ): Promise<void> {
    const run = (input: string, ...args: string[]): string =>
      execFileSync('git', ['--git-dir', person.repository, ...args], { input: Buffer.from(input, 'latin1') })
        .toString()
        .trim();
    const parent = run('', 'rev-parse', branch);
    const id = tree === undefined ? run('', 'rev-parse', `${branch}^{tree}`) : run(tree, 'mktree', '-z');
    const signature = `person <person@example.com> ${date} +0000`;
    const content = `tree ${id}\nparent ${parent}\nauthor ${signature}\ncommitter ${signature}\n\nby hand\n`;
    await person.git(
      'update-ref',
      `refs/heads/${branch}`,
      run(content, 'hash-object', '-t', 'commit', '-w', '--stdin'),
    );
  }

  it('may have names that the API refuses', async () => {
    await create();
    await person.push('dev', {
      '.gitattributes': '* text=auto\n',
      '-x': 'an option',
      'back\\slash': 'x',
      'carts/metadata.yaml': 'servicename: carts\n',
    });
    await fetched(['carts']);
  });

  it('may have names that are not in UTF-8', async () => {
    await create();
    const blob = (await person.git('rev-parse', 'dev:metadata.yaml')).trim();
    const inFolder = (name: string, id: string) => `040000 tree ${id}\t${name}\0`;
    const carts = execFileSync('git', ['--git-dir', person.repository, 'mktree', '-z'], {
      input: `100644 blob ${blob}\tmetadata.yaml\0`,
    });
    await commit('dev', { tree: `100644 blob ${blob}\t\u00fcber.txt\0${inFolder('carts', carts.toString().trim())}` });
    await fetched(['carts']);
  });

  it('may be adopted with such names', async () => {
    await person.push('master', { '.gitattributes': '* text=auto\n' });
    await create();
    expect(await servicesIn()).toEqual([]);
  });

  it('may be of a time that no calendar knows', async () => {
    await create();
    await person.push('dev', { 'carts/metadata.yaml': 'servicename: carts\n' });
    await commit('dev', { date: '9999999999999' });
    await fetched(['carts']);
    const { body } = await expectStatus(200, service.get('/v1/project/p/stage/dev/history'));
    expect(body).toMatchObject({ history: [{ message: 'by hand', time: '9999-12-31T23:59:59.000Z' }, {}, {}] });
  });

  it('may hold a file in the place of the shipyard that is far too large for one', async () => {
    await create();
    expect((await shown()).shipyard).toBeDefined();
    await person.push('master', { 'shipyard.yaml': `stages:\n- name: dev\n${'# x\n'.repeat(3_300_000)}` });
    await vi.waitFor(async () => {
      expect((await shown()).shipyard).toBeUndefined();
    }, PATIENCE);
  });

  it('may put any file into a chart', async () => {
    await create();
    await person.push('dev', {
      'carts/metadata.yaml': 'servicename: carts\n',
      'carts/helm/carts/Chart.yaml': 'name: carts\n',
      'carts/helm/carts/.gitattributes': '* text=auto\n',
    });
    await fetched(['carts']);
    await expectStatus(200, resource('helm%2Fcarts.tgz'));
  });

  it('may be in the way of a stage, which is said', async () => {
    await person.push('feature/x', { 'a.yaml': 'x' });
    await create();
    await expectStatus(204, service.post('/v1/project/p/stage', { stageName: 'feature' }));
    await vi.waitFor(async () => {
      expect((await shown()).upstream?.lastError).toContain("'refs/heads/feature/x' exists");
    }, PATIENCE);
    const uri = '/v1/project/p/stage/dev/resource/a.yaml';
    await expectStatus(201, service.put(uri, { resourceURI: 'a.yaml', resourceContent: base64('a') }));
    await vi.waitFor(async () => {
      expect(await person.git('ls-tree', '--name-only', 'dev')).toContain('a.yaml');
    }, PATIENCE);
  });
});
