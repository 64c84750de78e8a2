import { createGzip, gunzipSync, gzipSync } from 'node:zlib';
import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { extract } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { archiveOf, type ArchiveEntry, chartOf } from './chart';
import { filesOf, git } from './git-client';
import { base64, expectStatus, failure, StartedService } from './started-service';

let service: StartedService;
beforeAll(async () => {
  service = await StartedService.start();
  await service.project('charts', ['dev', 'prod'], ['carts']);
});
afterAll(() => service.stop());

const url = '/v1/project/charts/stage/dev/service/carts/resource';
const put = (uri: string, archive: Buffer, headers: Record<string, string> = {}) =>
  service.put(`${url}/${uri}`, { resourceContent: base64(archive) }, headers);

/** The files of an archive with their content. */
async function unpacked(archive: Buffer): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  const extractor = extract();
  extractor.end(gunzipSync(archive));
  for await (const entry of extractor) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of entry as AsyncIterable<Uint8Array>) {
      chunks.push(chunk);
    }
    files[entry.header.name] = Buffer.concat(chunks).toString();
  }
  return files;
}

const contentOf = ({ body }: { body: unknown }): Buffer =>
  Buffer.from((body as { resourceContent: string }).resourceContent, 'base64');

describe('a chart archive', () => {
  it('is refused with others that unpack to more than 50 MiB together', async () => {
    const large = await archiveOf([{ name: 'large/zeros', content: Buffer.alloc(30 * 1024 * 1024) }]);
    const resources = ['one', 'two'].map((name) => ({
      resourceURI: `helm/${name}.tgz`,
      resourceContent: base64(large),
    }));
    const { status, body } = await service.post(url, { resources });
    expect([status, body]).toMatchObject([400, { message: expect.stringContaining('50 MiB together') }]);
  });

  it('becomes files in Git and comes back as an archive, its folder named like it', async () => {
    const resources = [{ resourceURI: 'helm/carts.tgz', resourceContent: base64(await chartOf('whatever')) }];
    await expectStatus(201, service.post(url, { resources }));
    expect(await filesOf(service.repository('charts'), 'dev')).toEqual([
      'carts/helm/carts/Chart.yaml',
      'carts/helm/carts/templates/deployment.yaml',
      'carts/helm/carts/values.yaml',
      'carts/metadata.yaml',
      'metadata.yaml',
    ]);
    const answer = await service.get(`${url}/helm%2Fcarts.tgz`);
    expect(answer.body).toMatchObject({
      resourceURI: 'helm/carts.tgz',
      metadata: { branch: 'dev', version: await git(service.repository('charts'), 'rev-parse', 'dev') },
    });
    expect(await unpacked(contentOf(answer))).toEqual({
      'carts/Chart.yaml': 'name: carts\nversion: 0.1.0\n',
      'carts/templates/deployment.yaml': 'kind: Deployment\n',
      'carts/values.yaml': 'replicas: 1\n',
    });
  });

  it('is listed as its files', async () => {
    await expectStatus(201, put('helm/carts.tgz', await chartOf('carts')));
    expect((await service.get(url)).body).toMatchObject({
      resources: [
        { resourceURI: '/helm/carts/Chart.yaml' },
        { resourceURI: '/helm/carts/templates/deployment.yaml' },
        { resourceURI: '/helm/carts/values.yaml' },
        { resourceURI: '/metadata.yaml' },
      ],
    });
  });

  it('is the same bytes under the same ETag every time, and makes no commit when it is sent again', async () => {
    const { body } = await expectStatus(201, put('helm/carts.tgz', await chartOf('carts')));
    const first = await service.get(`${url}/helm/carts.tgz`);
    const again = await expectStatus(201, put('helm/carts.tgz', contentOf(first)));
    expect(again.body).toEqual(body);
    const second = await service.get(`${url}/helm/carts.tgz`);
    expect(contentOf(second).equals(contentOf(first))).toBe(true);
    const etag = first.headers.get('etag') ?? '';
    expect(second.headers.get('etag')).toBe(etag);
    expect((await service.get(`${url}/helm/carts.tgz`, { 'if-none-match': etag })).status).toBe(304);
  });

  it('replaces all files of the one before, as one commit, if nobody else was faster', async () => {
    await put('helm/carts.tgz', await chartOf('carts'));
    const etag = (await service.get(`${url}/helm/carts.tgz`)).headers.get('etag') ?? '';
    const small = await archiveOf([{ name: './carts/Chart.yaml', content: 'name: carts\nversion: 0.2.0\n' }]);
    await expectStatus(201, put('helm/carts.tgz', small, { 'if-match': etag }));
    expect(await unpacked(contentOf(await service.get(`${url}/helm/carts.tgz`)))).toEqual({
      'carts/Chart.yaml': 'name: carts\nversion: 0.2.0\n',
    });
    expect((await put('helm/carts.tgz', small, { 'if-match': etag })).status).toBe(412);
  });

  it('shows changes of its files', async () => {
    await put('helm/carts.tgz', await chartOf('carts'));
    await service.put(`${url}/helm/carts/values.yaml`, { resourceContent: base64('replicas: 3\n') });
    expect(await unpacked(contentOf(await service.get(`${url}/helm/carts.tgz`)))).toMatchObject({
      'carts/values.yaml': 'replicas: 3\n',
    });
  });

  it('can be read at an older commit', async () => {
    const { version } = (await put('helm/old.tgz', await chartOf('x', '1.0.0'))).body as { version: string };
    await put('helm/old.tgz', await chartOf('x', '2.0.0'));
    const old = await service.get(`${url}/helm/old.tgz?gitCommitID=${version}`);
    expect(await unpacked(contentOf(old))).toMatchObject({ 'old/Chart.yaml': 'name: carts\nversion: 1.0.0\n' });
  });

  it('is deleted with its files', async () => {
    await put('helm/deleted.tgz', await chartOf('deleted'));
    await expectStatus(204, service.delete(`${url}/helm/deleted.tgz`));
    expect(await service.get(`${url}/helm/deleted.tgz`)).toMatchObject(failure(404, 'Service resource not found'));
    expect((await service.get(`${url}/helm/deleted/Chart.yaml`)).status).toBe(404);
    expect((await service.delete(`${url}/helm/deleted.tgz`)).status).toBe(404);
  });

  it('can be written with other files that change it', async () => {
    const resources = [
      { resourceURI: 'helm/mixed/extra.yaml', resourceContent: base64('extra') },
      { resourceURI: 'helm/mixed.tgz', resourceContent: base64(await chartOf('mixed')) },
    ];
    await expectStatus(201, service.put(url, { resources }));
    expect(await unpacked(contentOf(await service.get(`${url}/helm/mixed.tgz`)))).toHaveProperty(['mixed/extra.yaml']);
    const twice = [{ resourceURI: 'helm/mixed/values.yaml', resourceContent: '' }, ...resources];
    expect(await service.put(url, { resources: twice })).toMatchObject(
      failure(400, 'resource "carts/helm/mixed/values.yaml" is in the list twice'),
    );
  });

  it('can be a first resource of a service, and a default resource', async () => {
    const resources = [{ resourceURI: 'helm/orders.tgz', resourceContent: base64(await chartOf('orders')) }];
    await expectStatus(200, service.post('/v1/project/charts/service', { serviceName: 'orders', resources }));
    expect((await service.get('/v1/project/charts/service/orders/resource/helm/orders.tgz')).status).toBe(200);
    expect((await service.get('/v1/project/charts/stage/prod/service/orders/resource/helm/orders.tgz')).status).toBe(
      200,
    );
  });

  it('is a plain file in every other place', async () => {
    const anything = { resourceContent: base64('no archive') };
    await expectStatus(201, service.put(`${url}/charts/carts.tgz`, anything));
    await expectStatus(201, service.put('/v1/project/charts/stage/dev/resource/helm/carts.tgz', anything));
    expect((await service.get(`${url}/charts/carts.tgz`)).body).toMatchObject(anything);
  });
});

const chart: ArchiveEntry = { name: 'c/Chart.yaml', content: 'name: c\n' };
const UNARCHIVE = /^Could not unarchive Helm chart: /;
const AMOUNT = /^Unexpected amount of unpacked files: /;

describe('a hostile chart archive is refused and changes nothing:', () => {
  it.each<[string, () => Buffer | Promise<Buffer>, RegExp]>([
    ['no archive', () => Buffer.from('text'), /^Could not unarchive Helm chart: it is not in gzip format/],
    ['gzip of no tar', () => gzipSync('x'.repeat(2000)), UNARCHIVE],
    ['nothing', () => Buffer.alloc(0), UNARCHIVE],
    ['an archive that is cut off', async () => (await chartOf('c')).subarray(0, 80), UNARCHIVE],
    ['a tar that is cut off', async () => gzipSync(gunzipSync(await chartOf('c')).subarray(0, 700)), UNARCHIVE],
    ['no entries', () => archiveOf([]), AMOUNT],
    ['only an empty folder', () => archiveOf([{ name: 'c/', type: 'directory' }]), AMOUNT],
    ['two folders', () => archiveOf([chart, { name: 'd/x' }]), AMOUNT],
    ['a file at the top', () => archiveOf([{ name: 'Chart.yaml' }]), AMOUNT],
    ['a file beside the folder', () => archiveOf([chart, { name: 'x' }]), AMOUNT],
    ['traversal', () => archiveOf([chart, { name: 'c/../../x' }]), UNARCHIVE],
    ['traversal at the start', () => archiveOf([{ name: '../c/x' }]), UNARCHIVE],
    ['an absolute path', () => archiveOf([{ name: '/c/x' }]), /"\/c\/x" is an absolute path/],
    [
      'a symbolic link',
      () => archiveOf([chart, { name: 'c/l', type: 'symlink', linkname: '/etc/passwd' }]),
      /is a symlink/,
    ],
    ['a hard link', () => archiveOf([chart, { name: 'c/l', type: 'link', linkname: 'c/Chart.yaml' }]), /is a link/],
    ['a device', () => archiveOf([chart, { name: 'c/d', type: 'block-device' }]), /is a block-device/],
    ['a pipe', () => archiveOf([chart, { name: 'c/p', type: 'fifo' }]), /is a fifo/],
    ["Git's folder", () => archiveOf([chart, { name: 'c/.git/config' }]), UNARCHIVE],
    ["Git's folder in other spelling", () => archiveOf([chart, { name: 'c/.GIT /config' }]), UNARCHIVE],
    ['a backslash', () => archiveOf([chart, { name: 'c\\..\\x' }]), UNARCHIVE],
    ['a file that is a folder as well', () => archiveOf([chart, { name: 'c/Chart.yaml/x' }]), /stands in its way/],
    [
      'too many entries',
      () => archiveOf([chart, ...Array.from({ length: 2000 }, (_none, index) => ({ name: `c/${index}` }))]),
      /more than 2000 entries/,
    ],
    [
      'too many bytes',
      () => archiveOf([{ name: 'c/x', content: Buffer.alloc(50 * 1024 * 1024 + 1) }]),
      /larger than 50 MiB/,
    ],
    ['a bomb', () => buffer(Readable.from(zeroes(200)).pipe(createGzip())), /larger than 50 MiB/],
  ])('%s', async (_what, archive, message) => {
    const before = await git(service.repository('charts'), 'rev-parse', 'dev');
    expect(await put('helm/hostile.tgz', await archive())).toMatchObject(failure(400, expect.stringMatching(message)));
    expect(await git(service.repository('charts'), 'rev-parse', 'dev')).toBe(before);
  });

  it('one without a name', async () => {
    expect(await put('helm/.tgz', await chartOf('c'))).toMatchObject(
      failure(400, expect.stringMatching(/^Path of Helm chart is invalid/)),
    );
  });

  it('one that would replace a file', async () => {
    await expectStatus(201, service.put(`${url}/helm/taken`, { resourceContent: '' }));
    expect((await put('helm/taken.tgz', await chartOf('c'))).status).toBe(400);
  });
});

function* zeroes(mebibytes: number): Generator<Buffer> {
  for (let count = 0; count < mebibytes; count++) {
    yield Buffer.alloc(1024 * 1024);
  }
}
