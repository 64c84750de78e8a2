import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { git } from './git-client';
import { base64, expectStatus, failure, StartedService } from './started-service';

let service: StartedService;
beforeAll(async () => {
  service = await StartedService.start();
});
afterAll(() => service.stop());

interface Level {
  readonly level: string;
  /** Base path of the resources of a project. */
  readonly url: (project: string) => string;
  readonly branch: string;
  /** Path of the resources in the repository. */
  readonly folder: string;
  readonly missing: readonly (readonly [string, string])[];
}

const LEVELS: readonly Level[] = [
  {
    level: 'Project',
    url: (project) => `/v1/project/${project}/resource`,
    branch: 'master',
    folder: '',
    missing: [['/v1/project/none/resource', 'Project not found']],
  },
  {
    level: 'Stage',
    url: (project) => `/v1/project/${project}/stage/dev/resource`,
    branch: 'dev',
    folder: '',
    missing: [
      ['/v1/project/none/stage/dev/resource', 'Project not found'],
      ['/v1/project/Stage/stage/none/resource', 'Stage not found'],
    ],
  },
  {
    level: 'Service',
    url: (project) => `/v1/project/${project}/stage/dev/service/carts/resource`,
    branch: 'dev',
    folder: 'carts/',
    missing: [
      ['/v1/project/none/stage/dev/service/carts/resource', 'Project not found'],
      ['/v1/project/Service/stage/none/service/carts/resource', 'Stage not found'],
      ['/v1/project/Service/stage/dev/service/none/resource', 'Service not found'],
    ],
  },
];

describe.each(LEVELS)('resources on the level of a $level', ({ level, url: urlOf, branch, folder, missing }) => {
  const url = urlOf(level);
  const file = (resourceURI: string, content: string) => ({ resourceURI, resourceContent: base64(content) });
  const head = () => git(service.repository(level), 'rev-parse', branch);
  const subject = () => git(service.repository(level), 'log', '-1', '--format=%s', branch);

  beforeAll(() => service.project(level, ['dev'], ['carts']));

  it('are written by POST as one commit, whose id is answered', async () => {
    const before = await head();
    const written = await service.post(url, { resources: [file('slo.yaml', 'a: 1'), file('x/y/z.txt', 'z')] });
    expect(written).toMatchObject({ status: 201, body: { version: await head() } });
    expect(await git(service.repository(level), 'rev-list', '--count', `${before}..${branch}`)).toBe('1');
    expect(await git(service.repository(level), 'show', `${branch}:${folder}x/y/z.txt`)).toBe('z');
    expect(await subject()).toBe('Added resources');
  });

  it('are written by PUT of a list and of one, with messages of their own', async () => {
    const list = await service.put(url, { resources: [file('list.yaml', '1')] });
    expect(list).toMatchObject({ status: 201, body: { version: await head() } });
    expect(await subject()).toBe('Updated resources');
    const one = await service.put(`${url}/nested%2Fone.yaml`, { resourceContent: base64('1') });
    expect(one).toMatchObject({ status: 201, body: { version: await head() } });
    expect(await subject()).toBe('Updated resource: nested/one.yaml');
  });

  it('are read with content, branch, version and ETag, by %2F and by slashes', async () => {
    await service.put(url, { resources: [file('read/a b+ä.yaml', 'content')] });
    for (const path of ['read%2Fa%20b+%C3%A4.yaml', 'read/a%20b+%C3%A4.yaml']) {
      const answer = await service.get(`${url}/${path}?disableUpstreamSync=true`);
      expect(answer.status).toBe(200);
      expect(answer.body).toEqual({
        resourceURI: 'read/a b+ä.yaml',
        resourceContent: base64('content'),
        metadata: { branch, version: await head() },
      });
      expect(answer.headers.get('etag')).toBe(
        `"${await git(service.repository(level), 'rev-parse', `${branch}:${folder}read/a b+ä.yaml`)}"`,
      );
    }
  });

  it('are not sent again to who has them', async () => {
    await service.put(url, { resources: [file('cached.yaml', '1')] });
    const etag = (await service.get(`${url}/cached.yaml`)).headers.get('etag') ?? '';
    for (const known of [etag, `"other", W/${etag}`, '*']) {
      const answer = await service.get(`${url}/cached.yaml`, { 'if-none-match': known });
      expect(answer).toMatchObject({ status: 304, body: undefined });
      expect(answer.headers.get('etag')).toBe(etag);
    }
    expect((await service.get(`${url}/cached.yaml`, { 'if-none-match': '"other"' })).status).toBe(200);
    expect((await service.get(`${url}/cached.yaml`, { 'if-none-match': 'unquoted' })).status).toBe(400);
  });

  it('are read at an older commit of their branch', async () => {
    const old = (await service.put(`${url}/versioned.yaml`, { resourceContent: base64('old') })).body as {
      version: string;
    };
    await service.put(`${url}/versioned.yaml`, { resourceContent: base64('new') });
    expect((await service.get(`${url}/versioned.yaml?gitCommitID=${old.version}`)).body).toMatchObject({
      resourceContent: base64('old'),
      metadata: { branch, version: old.version },
    });
    const unknown = '0'.repeat(40);
    expect(await service.get(`${url}/versioned.yaml?gitCommitID=${unknown}`)).toMatchObject(
      failure(404, `commit ${unknown} not found in this project`),
    );
    expect((await service.get(`${url}/versioned.yaml?gitCommitID=dev`)).status).toBe(400);
  });

  it('make no commit when nothing changes', async () => {
    await service.put(url, { resources: [file('same.yaml', '1')] });
    const before = await head();
    for (const again of [
      service.post(url, { resources: [file('same.yaml', '1')] }),
      service.put(`${url}/same.yaml`, file('ignored', '1')),
      service.post(url, { resources: [] }),
      service.put(url, {}),
    ]) {
      expect(await again).toMatchObject({ status: 201, body: { version: before } });
    }
    expect(await head()).toBe(before);
  });

  it('are written only while they are as If-Match says', async () => {
    await service.put(url, { resources: [file('matched.yaml', '1')] });
    const etag = (await service.get(`${url}/matched.yaml`)).headers.get('etag') ?? '';
    const write = (content: string, headers: Record<string, string>) =>
      service.put(`${url}/matched.yaml`, { resourceContent: base64(content) }, headers);
    expect((await write('2', { 'if-match': etag })).status).toBe(201);
    expect(await write('3', { 'if-match': etag })).toMatchObject(
      failure(412, 'matched.yaml is not the version that the request expects: read it again and repeat the change'),
    );
    expect((await write('3', { 'if-none-match': '*' })).status).toBe(412);
    expect((await service.delete(`${url}/matched.yaml`, { 'if-match': etag })).status).toBe(412);
    expect((await write('3', { 'if-match': '*' })).status).toBe(201);
    const put = service.put(`${url}/unmatched.yaml`, { resourceContent: '' }, { 'if-match': '*' });
    expect((await put).status).toBe(412);
  });

  it('lets one of several writers win who based their change on the same version', async () => {
    await service.put(url, { resources: [file('contested.yaml', 'base')] });
    const etag = (await service.get(`${url}/contested.yaml`)).headers.get('etag') ?? '';
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_none, writer) =>
        service.put(`${url}/contested.yaml`, { resourceContent: base64(String(writer)) }, { 'if-match': etag }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 7 }, () => 412)]);
  });

  it('are written as a list only while the branch is at the commit that If-Match names', async () => {
    const { version } = (await service.put(url, {})).body as { version: string };
    const etag = { 'if-match': `"${version}"` };
    expect((await service.get(url)).headers.get('etag')).toBe(`"${version}"`);
    expect((await service.put(url, { resources: [file('cas.yaml', String(Math.random()))] }, etag)).status).toBe(201);
    expect((await service.put(url, { resources: [file('cas.yaml', '2')] }, etag)).status).toBe(412);
  });

  it('are deleted, which leaves the others', async () => {
    await service.put(url, { resources: [file('deleted/a.yaml', '1'), file('deleted/b.yaml', '2')] });
    expect(await service.delete(`${url}/deleted%2Fa.yaml`)).toMatchObject({ status: 204, body: undefined });
    expect(await subject()).toBe('Deleted resources');
    expect(await service.get(`${url}/deleted/a.yaml`)).toMatchObject(failure(404, `${level} resource not found`));
    expect((await service.get(`${url}/deleted/b.yaml`)).status).toBe(200);
    expect(await service.delete(`${url}/deleted/a.yaml`)).toMatchObject(failure(404, `${level} resource not found`));
  });

  it('are not folders', async () => {
    await service.put(url, { resources: [file('folder/a.yaml', '1')] });
    expect(await service.get(`${url}/folder`)).toMatchObject(failure(404, `${level} resource not found`));
    expect(await service.delete(`${url}/folder`)).toMatchObject(failure(404, `${level} resource not found`));
    expect((await service.put(`${url}/folder`, { resourceContent: '' })).status).toBe(400);
    expect((await service.put(`${url}/folder/a.yaml/b`, { resourceContent: '' })).status).toBe(400);
  });

  it('may be empty, and may hold any bytes', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_none, index) => index));
    await expectStatus(201, service.put(`${url}/bytes.bin`, { resourceContent: base64(bytes) }));
    await expectStatus(201, service.put(`${url}/empty`, { resourceURI: 'empty' }));
    expect((await service.get(`${url}/bytes.bin`)).body).toMatchObject({ resourceContent: base64(bytes) });
    expect((await service.get(`${url}/empty`)).body).toMatchObject({ resourceContent: '' });
  });

  it.each([
    [
      'content that is not base64',
      { resources: [{ resourceURI: 'a.yaml', resourceContent: 'YQ=' }] },
      /^resource "a.yaml": content is not valid base64/,
    ],
    ['no body', undefined, /^a JSON body is required$/],
    ['null', { resources: [null] }, /^resources\.0 in body is required$/],
    ['no path', { resources: [{ resourceContent: '' }] }, /^resources\.0\.resourceURI in body is required$/],
    ['something else than a list', { resources: {} }, /^resources in body must be of type array$/],
    ['a file twice', { resources: [file('b.yaml', '1'), file('/b.yaml', '2')] }, /b\.yaml" is in the list twice$/],
    ['a file below a file', { resources: [file('c', '1'), file('c/d', '2')] }, /stands in its way/],
    ['a path out of its place', { resources: [file('../e', '1')] }, /^resource "\.\.\/e": resourceURI must not/],
    ["Git's own folder", { resources: [file('.git/config', '1')] }, /^resource "\.git\/config": /],
    ['one bad file among good ones', { resources: [file('f', '1'), file('g//h', '2')] }, /^resource "g\/\/h": /],
  ])('refuses %s and writes nothing', async (_what, body, message) => {
    const before = await head();
    expect(await service.post(url, body)).toMatchObject(failure(400, expect.stringMatching(message)));
    expect((await service.put(url, body)).status).toBe(400);
    expect(await head()).toBe(before);
  });

  it('refuses PUT of one with content that is not base64, and names the field', async () => {
    expect(await service.put(`${url}/a.yaml`, { resourceContent: '*' })).toMatchObject(
      failure(400, expect.stringMatching(/base64/)),
    );
    expect((await service.put(`${url}/a.yaml`, undefined)).status).toBe(400);
  });

  it.each(missing)('answers 404 at %s: %s', async (unknown, message) => {
    const answer = failure(404, message);
    expect(await service.get(unknown)).toMatchObject(answer);
    expect(await service.get(`${unknown}/a.yaml`)).toMatchObject(answer);
    expect(await service.post(unknown, { resources: [file('a', '1')] })).toMatchObject(answer);
    expect(await service.put(unknown, { resources: [file('a', '1')] })).toMatchObject(answer);
    expect(await service.put(`${unknown}/a`, { resourceContent: '' })).toMatchObject(answer);
    expect(await service.delete(`${unknown}/a`)).toMatchObject(answer);
  });
});
