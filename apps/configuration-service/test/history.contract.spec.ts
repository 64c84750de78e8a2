import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chartOf } from './chart';
import { git } from './git-client';
import { base64, expectStatus, failure, StartedService } from './started-service';

interface HistoryPage {
  readonly nextPageKey: string;
  readonly history: readonly { readonly version: string; readonly message: string; readonly time: string }[];
}

const CONTEXT = 'a3e5f16d-8888-4720-82c7-6995062905c1';
const STAGE = '/v1/project/storied/stage/dev';
const CARTS = `${STAGE}/service/carts`;
const ORDERS = `${STAGE}/service/orders`;

let service: StartedService;
beforeAll(async () => {
  service = await StartedService.start();
  await service.project('storied', ['dev'], ['carts', 'orders']);
  const write = (uri: string, text: string) =>
    expectStatus(
      201,
      service.put(`${CARTS}/resource/${uri}`, { resourceContent: base64(text) }, { 'x-keptn-context': CONTEXT }),
    );
  await write('slo.yaml', '1');
  await write('load/test.jmx', '1');
  await write('slo.yaml', '2');
  await expectStatus(204, service.delete(`${CARTS}/resource/load/test.jmx`));
});
afterAll(() => service.stop());

const page = async (url: string): Promise<HistoryPage> =>
  (await expectStatus(200, service.get(url))).body as HistoryPage;
const messages = async (url: string): Promise<string[]> => (await page(url)).history.map(({ message }) => message);

describe('the history of resources', () => {
  it('says who changed a resource, when, in which Keptn context, and which version that made', async () => {
    const { history, nextPageKey } = await page(`${CARTS}/history?resourceURI=slo.yaml`);
    const version = await git(service.repository('storied'), 'log', '-1', '--format=%H', 'dev', '--', 'carts/slo.yaml');
    expect(history[0]).toEqual({
      version,
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/),
      author: { name: 'keptn', email: 'keptn@keptn.com' },
      message: 'Updated resource: slo.yaml',
      keptnContext: CONTEXT,
    });
    expect(history).toHaveLength(2);
    expect(nextPageKey).toBe('0');
  });

  it('names versions that can be read', async () => {
    const { history } = await page(`${CARTS}/history?resourceURI=slo.yaml`);
    const contents = await Promise.all(
      history.map(({ version }) => service.get(`${CARTS}/resource/slo.yaml?gitCommitID=${version}`)),
    );
    expect(contents.map(({ body }) => body)).toMatchObject([
      { resourceContent: base64('2') },
      { resourceContent: base64('1') },
    ]);
  });

  it('is there for a service, a stage and a project as a whole', async () => {
    expect(await messages(`${CARTS}/history`)).toEqual([
      'Deleted resources',
      'Updated resource: slo.yaml',
      'Updated resource: load/test.jmx',
      'Updated resource: slo.yaml',
      'Added service: carts',
    ]);
    expect(await messages(`${STAGE}/history?pageSize=2&resourceURI=orders`)).toEqual(['Added service: orders']);
    expect(await messages('/v1/project/storied/history')).toEqual(['Added shipyard.yaml', 'Added metadata.yaml']);
  });

  it('has the message that a caller gives a change, without letting it pose as a trailer', async () => {
    const message = 'Slower in the evening\n\nKeptn-Context: forged';
    const query = `?message=${encodeURIComponent(message)}`;
    const one = { resourceURI: 'added.yaml', resourceContent: base64('1') };
    await expectStatus(201, service.put(`${ORDERS}/resource/slo.yaml${query}`, { resourceContent: base64('1') }));
    await expectStatus(201, service.post(`${ORDERS}/resource?message=Why`, { resources: [one] }));
    await expectStatus(204, service.delete(`${ORDERS}/resource/slo.yaml?message=Not+needed`));
    const { history } = await page(`${ORDERS}/history?pageSize=3`);
    expect(history.map(({ message: text }) => text)).toEqual(['Not needed', 'Why', message]);
    expect(history.at(-1)).not.toHaveProperty('keptnContext');
    await expectStatus(400, service.delete(`${ORDERS}/resource/added.yaml?message=${'x'.repeat(1001)}`));
    expect((await service.get('/v1/project/storied/resource-tree')).body).toMatchObject({
      project: { resources: ['metadata.yaml', 'shipyard.yaml'] },
      stages: [
        { stageName: 'dev', services: ['carts', 'orders'], resources: expect.arrayContaining(['orders/added.yaml']) },
      ],
    });
    await expectStatus(404, service.get('/v1/project/nowhere/resource-tree'));
  });

  it('is answered with the tree, one version of a resource beside another', async () => {
    const tree = '/v1/project/storied/resource-tree?stage=dev&service=carts&resourceURI';
    const { history } = await page(`${CARTS}/history?resourceURI=load%2Ftest.jmx`);
    const [deletion, creation] = history.map(({ version }) => version);
    const { body } = await expectStatus(200, service.get(`${tree}=slo.yaml&versions=${creation},current`));
    const { headers } = await service.get(`${CARTS}/resource/slo.yaml`);
    expect(body).toMatchObject({
      stages: [{ stageName: 'dev' }],
      contents: [
        { version: creation, resourceContent: base64('1') },
        { version: 'current', resourceContent: base64('2'), entityTag: headers.get('etag') },
      ],
    });
    const deleted = await service.get(`${tree}=load/test.jmx&versions=${deletion},${creation}`);
    expect(deleted.body).toMatchObject({
      contents: [{ version: deletion }, { version: creation, resourceContent: base64('1') }],
    });
    await expectStatus(404, service.get(`${tree}=load/test.jmx`));
    await expectStatus(404, service.get(`${tree}=slo.yaml&versions=${'0'.repeat(40)}`));
    await expectStatus(400, service.get(`${tree}=slo.yaml&versions=HEAD`));
    await expectStatus(400, service.get('/v1/project/storied/resource-tree?service=carts&resourceURI=slo.yaml'));
  });

  it('is cut into pages', async () => {
    const pages: string[][] = [];
    let key = '';
    do {
      const { history, nextPageKey } = await page(`${CARTS}/history?pageSize=2&nextPageKey=${key}`);
      pages.push(history.map(({ message }) => message));
      key = nextPageKey;
    } while (key !== '0');
    expect(pages.map(({ length }) => length)).toEqual([2, 2, 1]);
    expect(new Set(pages.flat())).toHaveProperty('size', 4);
  });

  it('outlives the resource', async () => {
    expect(await messages(`${CARTS}/history?resourceURI=load%2Ftest.jmx`)).toEqual([
      'Deleted resources',
      'Updated resource: load/test.jmx',
    ]);
  });

  it('of a chart is asked for by its archive', async () => {
    const resources = [{ resourceURI: 'helm/carts.tgz', resourceContent: base64(await chartOf('carts')) }];
    await expectStatus(201, service.post(`${CARTS}/resource`, { resources }));
    expect(await messages(`${CARTS}/history?resourceURI=helm/carts.tgz`)).toEqual(['Added resources']);
  });

  it.each([
    ['/v1/project/unknown/history', 404, 'Project not found'],
    ['/v1/project/storied/stage/unknown/history', 404, 'Stage not found'],
    [`${STAGE}/service/unknown/history`, 404, 'Service not found'],
    [`${CARTS}/history?resourceURI=unknown`, 404, 'Service resource not found'],
    [`${CARTS}/history?resourceURI=../x`, 400, expect.stringContaining('resourceURI')],
    [`${CARTS}/history?nextPageKey=20`, 400, expect.stringContaining('40 hexadecimal digits')],
    [`${CARTS}/history?nextPageKey=${'0'.repeat(40)}`, 404, expect.stringContaining('not found in this project')],
    [`${CARTS}/history?pageSize=0`, 400, expect.stringContaining('pageSize')],
  ])('of %s answers %i', async (url, code, message) => {
    expect(await service.get(url)).toMatchObject(failure(code, message));
  });
});
