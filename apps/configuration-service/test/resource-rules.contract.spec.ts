import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesOf, git } from './git-client';
import { base64, expectStatus, failure, shipyardOf, StartedService } from './started-service';

let service: StartedService;
beforeAll(async () => {
  service = await StartedService.start();
});
afterAll(() => service.stop());

const uris = (body: unknown): string[] =>
  (body as { resources: { resourceURI: string }[] }).resources.map(({ resourceURI }) => resourceURI);

describe('lists of resources', () => {
  const url = '/v1/project/listed/stage/dev/service/carts/resource';
  beforeAll(async () => {
    await service.project('listed', ['dev'], ['carts']);
    const resources = ['b.yaml', 'a/2.yaml', 'a/1.yaml', '.gitignore', 'c.gitlab.yml'].map((resourceURI) => ({
      resourceURI,
    }));
    await expectStatus(201, service.post(url, { resources }));
  });

  it('show files in the order of folders, with one leading slash, .gitignore too', async () => {
    const expected = ['/.gitignore', '/a/1.yaml', '/a/2.yaml', '/b.yaml', '/c.gitlab.yml', '/metadata.yaml'];
    expect(uris((await service.get(`${url}/`)).body)).toEqual(expected);
    expect(uris((await service.get('/v1/project/listed/stage/dev/resource')).body)).toEqual([
      ...expected.map((path) => `/carts${path}`),
      '/metadata.yaml',
    ]);
  });

  it('are cut into pages', async () => {
    const pages: string[][] = [];
    let nextPageKey = '';
    do {
      const { body } = await service.get(`${url}?pageSize=4&nextPageKey=${nextPageKey}`);
      expect(body).toMatchObject({ totalCount: 6 });
      pages.push(uris(body));
      ({ nextPageKey } = body as { nextPageKey: string });
    } while (nextPageKey !== '0');
    expect(pages.map(({ length }) => length)).toEqual([4, 2]);
    expect((await service.get(`${url}?pageSize=51`)).status).toBe(400);
    expect((await service.get(`${url}?nextPageKey=-4`)).status).toBe(400);
  });

  it('name resources and their version, without their content', async () => {
    const metadata = { branch: 'master', version: await git(service.repository('listed'), 'rev-parse', 'master') };
    expect((await service.get('/v1/project/listed/resource')).body).toMatchObject({
      resources: [
        { resourceURI: '/metadata.yaml', metadata },
        { resourceURI: '/shipyard.yaml', metadata },
      ],
    });
    expect(JSON.stringify((await service.get('/v1/project/listed/resource')).body)).not.toContain('resourceContent');
  });

  it('name resources as they are read, with their leading slashes', async () => {
    for (const resourceURI of uris((await service.get(url)).body)) {
      const answer = await service.get(`${url}/${encodeURIComponent(resourceURI)}`);
      expect(answer).toMatchObject({ status: 200, body: { resourceContent: expect.any(String) } });
    }
  });

  it('can be written back with their leading slashes', async () => {
    const [first] = uris((await service.get(url)).body);
    await expectStatus(201, service.put(url, { resources: [{ resourceURI: first, resourceContent: base64('x') }] }));
    expect((await service.get(`${url}/.gitignore`)).body).toMatchObject({ resourceContent: base64('x') });
  });
});

describe('the file that says that a service exists', () => {
  const stage = '/v1/project/marker/stage/dev/resource';
  beforeAll(() => service.project('marker', ['dev'], ['carts']));

  it('can be neither made nor deleted as a resource', async () => {
    expect(await service.put(`${stage}/orders%2Fmetadata.yaml`, { resourceContent: '' })).toMatchObject(
      failure(400, expect.stringContaining('create or delete the service instead')),
    );
    expect((await service.delete(`${stage}/carts%2Fmetadata.yaml`)).status).toBe(400);
    expect((await service.delete('/v1/project/marker/stage/dev/service/carts/resource/metadata.yaml')).status).toBe(
      400,
    );
    expect((await service.get('/v1/project/marker/stage/dev/service/carts')).status).toBe(200);
  });
});

describe("Keptn's own metadata.yaml", () => {
  const kept = [
    '/v1/project/metadata/resource/metadata.yaml',
    '/v1/project/metadata/stage/dev/resource/metadata.yaml',
    '/v1/project/metadata/stage/dev/resource/carts%2Fmetadata.yaml',
    '/v1/project/metadata/stage/dev/service/carts/resource/metadata.yaml',
    '/v1/project/metadata/service/carts/resource/metadata.yaml',
  ];
  const isRefused = { status: 400, body: { reason: 'RESOURCE_PROTECTED' } };
  const contentOf = async (url: string) =>
    ((await service.get(url)).body as { resourceContent: string }).resourceContent;
  beforeAll(() => service.project('metadata', ['dev'], ['carts']));

  it.each(kept)('is not overwritten by accident: %s', async (url) => {
    const before = await contentOf(url);
    expect(await service.put(url, { resourceContent: base64('name: mine') })).toMatchObject(isRefused);
    const [list = '', path = ''] = url.split(/(?<=resource)\//);
    const file = { resourceURI: `./${decodeURIComponent(path)}`, resourceContent: base64('name: mine') };
    expect(await service.post(list, { resources: [file] })).toMatchObject(isRefused);
    expect(await contentOf(url)).toBe(before);
  });

  it.each(kept)('may be written with the content that it has: %s', async (url) => {
    await expectStatus(201, service.put(url, { resourceContent: await contentOf(url) }));
  });

  it('may be replaced on purpose, by naming the present version', async () => {
    const [url = ''] = kept;
    const { headers } = await service.get(url);
    const content = { resourceContent: base64('projectname: metadata\n') };
    await expectStatus(201, service.put(url, content, { 'If-Match': headers.get('etag') ?? '' }));
  });

  it('is not taken from the files that a new service brings', async () => {
    const resources = [{ resourceURI: 'metadata.yaml', resourceContent: base64('name: mine') }];
    const request = { serviceName: 'orders', resources };
    expect(await service.post('/v1/project/metadata/service', request)).toMatchObject(isRefused);
    expect((await service.get('/v1/project/metadata/service/orders')).status).toBe(404);
  });

  it('is any file of that name elsewhere', async () => {
    await expectStatus(
      201,
      service.put('/v1/project/metadata/resource/docs%2Fmetadata.yaml', { resourceContent: base64('a: b') }),
    );
  });
});

describe('the shipyard', () => {
  const url = '/v1/project/shipyard/resource';
  const shown = async () => ((await service.get('/v1/project/shipyard')).body as { shipyard?: string }).shipyard;
  const changed = shipyardOf(['dev', 'prod']);
  beforeAll(() => service.project('shipyard', ['dev']));

  it.each([
    ['POST', () => service.post(url, { resources: [{ resourceURI: 'shipyard.yaml', resourceContent: changed }] })],
    [
      'PUT of a list',
      () => service.put(url, { resources: [{ resourceURI: '/shipyard.yaml', resourceContent: changed }] }),
    ],
    ['PUT of one', () => service.put(`${url}/shipyard.yaml`, { resourceContent: changed })],
  ])('is shown in the view after %s, and its stages are left to their own operations', async (_what, write) => {
    await service.put(`${url}/shipyard.yaml`, { resourceContent: shipyardOf(['dev']) });
    await expectStatus(201, write());
    expect(await shown()).toBe(changed);
    expect((await service.get('/v1/project/shipyard/stage')).body).toMatchObject({ totalCount: 1 });
  });

  it('is refused with line and field when it is not valid', async () => {
    const broken = base64('stages:\n  - deployment_strategy: direct\n');
    const before = await shown();
    expect(await service.put(`${url}/shipyard.yaml`, { resourceContent: broken })).toMatchObject(
      failure(400, expect.stringMatching(/^shipyard\.yaml: line 2, column \d+: stages\[0\]\.name/)),
    );
    expect(await shown()).toBe(before);
  });

  it('is gone from the view when its file is deleted', async () => {
    await expectStatus(204, service.delete(`${url}/shipyard.yaml`));
    expect(await shown()).toBeUndefined();
  });

  it('is the file of this name, not one in other letters', async () => {
    const before = await shown();
    const file = { resourceURI: 'Shipyard.yaml', resourceContent: base64('anything') };
    await expectStatus(201, service.put(url, { resources: [file] }));
    expect(await shown()).toBe(before);
  });

  it('is just a file on other levels', async () => {
    const file = { resourceContent: base64('anything') };
    await expectStatus(201, service.put('/v1/project/shipyard/stage/dev/resource/shipyard.yaml', file));
  });
});

describe('commits', () => {
  it('say who made them, in which Keptn context and by which request', async () => {
    const named = await StartedService.start({ GIT_AUTHOR_NAME: 'Ada', GIT_AUTHOR_EMAIL: 'ada@example.com' });
    await named.project('authored');
    const headers = { 'x-keptn-context': 'a3e5f16d-8888-4720-82c7-6995062905c1', 'x-request-id': 'request-1' };
    await named.put('/v1/project/authored/resource/a', { resourceContent: '' }, headers);
    expect(await git(named.repository('authored'), 'log', '-1', '--format=%an <%ae>%n%B')).toBe(
      'Ada <ada@example.com>\nUpdated resource: a\n\n' +
        'Keptn-Context: a3e5f16d-8888-4720-82c7-6995062905c1\nRequest-Id: request-1',
    );
    await named.stop();
  });

  it('are those of keptn by default', async () => {
    await service.project('default-author');
    expect(await git(service.repository('default-author'), 'log', '-1', '--format=%an <%ae>')).toBe(
      'keptn <keptn@keptn.com>',
    );
  });
});

describe('the files of a clone', () => {
  it('are those of the API', async () => {
    await service.project('cloned', ['dev'], ['carts']);
    await service.put('/v1/project/cloned/stage/dev/service/carts/resource/a/b', { resourceContent: base64('c') });
    const listed = uris((await service.get('/v1/project/cloned/stage/dev/resource')).body);
    expect(await filesOf(service.repository('cloned'), 'dev')).toEqual(listed.map((path) => path.slice(1)));
    await git(service.repository('cloned'), 'fsck', '--full', '--strict');
  });
});
