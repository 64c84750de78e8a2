import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { git } from './git-client';
import { base64, expectStatus, failure, StartedService } from './started-service';

let service: StartedService;
beforeAll(async () => {
  service = await StartedService.start();
  await service.project('defaults', ['prod', 'dev'], ['carts']);
});
afterAll(() => service.stop());

const url = '/v1/project/defaults/service/carts/resource';
const inStage = (stage: string, path: string) =>
  service.get(`/v1/project/defaults/stage/${stage}/service/carts/resource/${path}`);
const head = (stage: string) => git(service.repository('defaults'), 'rev-parse', stage);

describe('default resources', () => {
  it.each([
    ['POST', () => service.post(url, { resources: [{ resourceURI: 'a/POST', resourceContent: base64('1') }] })],
    ['PUT', () => service.put(url, { resources: [{ resourceURI: 'a/PUT', resourceContent: base64('1') }] })],
    ['PUT%20one', () => service.put(`${url}/a%2FPUT%20one`, { resourceContent: base64('1') })],
  ])('are written to every stage by %s', async (verb, write) => {
    const { body } = await expectStatus(201, write());
    const stages = [
      { stageName: 'dev', version: await head('dev') },
      { stageName: 'prod', version: await head('prod') },
    ];
    expect(body).toEqual({ version: stages[0]?.version, stages });
    for (const stage of ['dev', 'prod']) {
      expect((await inStage(stage, `a/${verb}`)).body).toMatchObject({ resourceContent: base64('1') });
    }
  });

  it('are read and listed when they are the same in every stage', async () => {
    await expectStatus(201, service.put(`${url}/shared.yaml`, { resourceContent: base64('1') }));
    const own = '/v1/project/defaults/stage/prod/service/carts/resource/own.yaml';
    await expectStatus(201, service.put(own, { resourceContent: '' }));
    const answer = await service.get(`${url}/shared.yaml`);
    expect(answer.body).toEqual({
      resourceURI: 'shared.yaml',
      resourceContent: base64('1'),
      metadata: { branch: 'dev', version: await head('dev') },
    });
    const etag = answer.headers.get('etag') ?? '';
    expect((await service.get(`${url}/shared.yaml`, { 'if-none-match': etag })).status).toBe(304);
    const { resources } = (await service.get(`${url}/`)).body as { resources: { resourceURI: string }[] };
    const listed = resources.map(({ resourceURI }) => resourceURI);
    expect(listed).toContain('/shared.yaml');
    expect(listed).not.toContain('/own.yaml');
    expect((await service.get(`${url}?pageSize=1`)).body).toMatchObject({ nextPageKey: '1' });
  });

  it('that differ between stages are not there', async () => {
    await expectStatus(201, service.put(`${url}/differs`, { resourceContent: base64('1') }));
    const dev = '/v1/project/defaults/stage/dev/service/carts/resource/differs';
    await expectStatus(201, service.put(dev, { resourceContent: base64('2') }));
    expect(await service.get(`${url}/differs`)).toMatchObject(
      failure(404, 'Service resource not found: stages dev and prod differ in it, read it from a stage'),
    );
    expect(await service.get(`${url}/nowhere`)).toMatchObject(failure(404, 'Service resource not found'));
  });

  it('are deleted from every stage', async () => {
    await expectStatus(201, service.put(`${url}/deleted`, { resourceContent: '' }));
    await expectStatus(204, service.delete(`${url}/deleted`));
    expect((await inStage('prod', 'deleted')).status).toBe(404);
    expect(await service.delete(`${url}/deleted`)).toMatchObject(failure(404, 'Service resource not found'));
  });

  it('are written to no stage when one of them does not allow it', async () => {
    const prod = '/v1/project/defaults/stage/prod/service/carts/resource/blocked/in-prod';
    await expectStatus(201, service.put(prod, { resourceContent: '' }));
    const before = await head('dev');
    expect((await service.put(`${url}/blocked`, { resourceContent: '' })).status).toBe(400);
    expect(await head('dev')).toBe(before);
  });

  it('are written only while they are as If-Match says', async () => {
    await expectStatus(201, service.put(`${url}/matched`, { resourceContent: base64('1') }));
    const etag = (await service.get(`${url}/matched`)).headers.get('etag') ?? '';
    const write = (content: string) =>
      service.put(`${url}/matched`, { resourceContent: base64(content) }, { 'if-match': etag });
    expect((await write('2')).status).toBe(201);
    expect((await write('3')).status).toBe(412);
    expect((await service.post(url, { resources: [] }, { 'if-match': etag })).status).toBe(400);
  });

  it.each([
    ['a project', '/v1/project/none/service/carts/resource', 'Project not found'],
    ['a service', '/v1/project/defaults/service/none/resource', 'Service not found'],
  ])('need %s', async (_what, unknown, message) => {
    const answer = failure(404, message);
    expect(await service.get(unknown)).toMatchObject(answer);
    expect(await service.get(`${unknown}/a`)).toMatchObject(answer);
    expect(await service.post(unknown, { resources: [{ resourceURI: 'a' }] })).toMatchObject(answer);
    expect(await service.put(unknown, { resources: [{ resourceURI: 'a' }] })).toMatchObject(answer);
    expect(await service.put(`${unknown}/a`, {})).toMatchObject(answer);
    expect(await service.delete(`${unknown}/a`)).toMatchObject(answer);
  });

  it('need the service in every stage', async () => {
    await service.project('partly', ['dev', 'prod']);
    await expectStatus(204, service.post('/v1/project/partly/stage/dev/service', { serviceName: 'carts' }));
    const request = { resources: [{ resourceURI: 'a', resourceContent: '' }] };
    expect(await service.post('/v1/project/partly/service/carts/resource', request)).toMatchObject(
      failure(404, 'Service not found'),
    );
    expect((await service.get('/v1/project/partly/stage/dev/service/carts/resource/a')).status).toBe(404);
  });
});
