import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesOf, git } from './git-client';
import { base64, expectStatus, failure, StartedService } from './started-service';

let service: StartedService;
beforeAll(async () => {
  service = await StartedService.start();
});
afterAll(() => service.stop());

const NANOSECONDS = expect.stringMatching(/^\d{19}$/);
const projectNotFound = failure(404, 'Project not found');
const stageNotFound = failure(404, 'Stage not found');
const serviceNotFound = failure(404, 'Service not found');

describe('stages', () => {
  it('are listed in the order of the shipyard, in pages', async () => {
    await service.project('stages-list', ['z', 'a', 'm']);
    expect((await service.get('/v1/project/stages-list/stage')).body).toEqual({
      stages: ['z', 'a', 'm'].map((stageName) => ({ stageName, services: [] })),
      nextPageKey: '0',
      totalCount: 3,
    });
    expect((await service.get('/v1/project/stages-list/stage?pageSize=1&nextPageKey=1')).body).toEqual({
      stages: [{ stageName: 'a', services: [] }],
      nextPageKey: '2',
      totalCount: 3,
    });
  });

  it('are read one by one', async () => {
    await service.project('stages-get', ['dev']);
    expect((await service.get('/v1/project/stages-get/stage/dev')).body).toEqual({ stageName: 'dev', services: [] });
    expect(await service.get('/v1/project/stages-get/stage/prod')).toMatchObject(stageNotFound);
    expect(await service.get('/v1/project/nowhere/stage/dev')).toMatchObject(projectNotFound);
    expect(await service.get('/v1/project/nowhere/stage')).toMatchObject(projectNotFound);
  });

  it('are created from the branch of the project', async () => {
    await service.project('stages-create', ['dev']);
    await expectStatus(204, service.post('/v1/project/stages-create/stage', { stageName: 'prod' }));
    expect((await service.get('/v1/project/stages-create/stage')).body).toMatchObject({
      stages: [{ stageName: 'dev' }, { stageName: 'prod' }],
    });
    expect(await filesOf(service.repository('stages-create'), 'prod')).toEqual(['metadata.yaml', 'shipyard.yaml']);
  });

  it('are not created twice, nor in a project that does not exist, nor with a name that is no branch', async () => {
    await service.project('stages-bad', ['dev']);
    const url = '/v1/project/stages-bad/stage';
    expect(await service.post(url, { stageName: 'dev' })).toMatchObject(failure(409, 'Stage already exists'));
    expect(await service.post('/v1/project/nowhere/stage', { stageName: 'dev' })).toMatchObject(projectNotFound);
    expect(await service.post(url, {})).toMatchObject(failure(400, 'stageName in body is required'));
    for (const stageName of ['master', 'HEAD', '-f', 'a..b', 'x.lock', 'a b']) {
      expect(await service.post(url, { stageName })).toMatchObject(failure(400, expect.stringMatching(/^stage name/)));
    }
  });

  it('have nothing to update, so an update changes nothing', async () => {
    await service.project('stages-update', ['dev']);
    const url = '/v1/project/stages-update/stage';
    await expectStatus(204, service.put(`${url}/dev`, { stageName: 'dev' }));
    expect(await service.put(`${url}/dev`, { stageName: 'prod' })).toMatchObject(
      failure(400, expect.stringContaining('the stage cannot be renamed')),
    );
    expect(await service.put(`${url}/prod`, { stageName: 'prod' })).toMatchObject(stageNotFound);
    expect(await service.put('/v1/project/nowhere/stage/dev', { stageName: 'dev' })).toMatchObject(projectNotFound);
    expect(await service.delete('/v1/project/nowhere/stage/dev')).toMatchObject(projectNotFound);
  });

  it('are deleted with everything in them', async () => {
    await service.project('stages-delete', ['dev', 'prod'], ['carts']);
    await expectStatus(204, service.delete('/v1/project/stages-delete/stage/prod'));
    expect((await service.get('/v1/project/stages-delete')).body).toMatchObject({
      stages: [{ stageName: 'dev', services: [{ serviceName: 'carts' }] }],
    });
    expect(await git(service.repository('stages-delete'), 'branch', '--format=%(refname:short)')).toBe('dev\nmaster');
    expect(await service.delete('/v1/project/stages-delete/stage/prod')).toMatchObject(stageNotFound);
    await expectStatus(204, service.delete('/v1/project/stages-delete/stage/dev'));
    expect((await service.get('/v1/project/stages-delete/service')).body).toEqual({ services: [], nextPageKey: '0' });
  });
});

describe('services in one stage', () => {
  const url = '/v1/project/one-stage/stage/dev/service';
  beforeAll(() => service.project('one-stage', ['dev', 'prod']));

  it('are created, listed and read', async () => {
    await expectStatus(204, service.post(url, { serviceName: 'carts' }));
    await expectStatus(204, service.post(url, { serviceName: 'carts-db' }));
    const carts = {
      serviceName: 'carts',
      creationDate: NANOSECONDS,
      openApprovals: [],
      openRemediations: [],
    };
    expect((await service.get(url)).body).toEqual({
      services: [carts, { ...carts, serviceName: 'carts-db' }],
      nextPageKey: '0',
      totalCount: 2,
    });
    expect((await service.get(`${url}/carts`)).body).toEqual(carts);
    expect((await service.get(`${url}?pageSize=1`)).body).toMatchObject({ nextPageKey: '1', totalCount: 2 });
    expect((await service.get('/v1/project/one-stage/stage/prod/service')).body).toEqual({
      services: [],
      nextPageKey: '0',
    });
  });

  it('are folders with metadata.yaml in Git', async () => {
    const folder = service.repository('one-stage');
    expect(await filesOf(folder, 'dev')).toContain('carts/metadata.yaml');
    expect(await git(folder, 'show', 'dev:carts/metadata.yaml')).toMatch(/^servicename: carts\ncreationtimestamp: \d/);
    expect(await git(folder, 'log', '--format=%s', 'dev')).toMatch(/^Added service: carts-db\nAdded service: carts\n/);
  });

  it('say which part of a path does not exist', async () => {
    expect(await service.get(`${url}/unknown`)).toMatchObject(serviceNotFound);
    expect(await service.get('/v1/project/one-stage/stage/none/service/carts')).toMatchObject(stageNotFound);
    expect(await service.get('/v1/project/one-stage/stage/none/service')).toMatchObject(stageNotFound);
    expect(await service.get('/v1/project/none/stage/dev/service/carts')).toMatchObject(projectNotFound);
    const request = { serviceName: 'orders' };
    expect(await service.post('/v1/project/none/stage/dev/service', request)).toMatchObject(projectNotFound);
    expect(await service.post('/v1/project/one-stage/stage/none/service', request)).toMatchObject(stageNotFound);
    for (const change of [
      (path: string) => service.delete(path),
      (path: string) => service.put(path, { serviceName: 'carts' }),
    ]) {
      expect(await change('/v1/project/none/stage/dev/service/carts')).toMatchObject(projectNotFound);
      expect(await change('/v1/project/one-stage/stage/none/service/carts')).toMatchObject(stageNotFound);
    }
  });

  it('are not created twice', async () => {
    expect(await service.post(url, { serviceName: 'carts' })).toMatchObject(failure(409, 'Service already exists'));
  });

  it('let exactly one of several simultaneous creations win', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => service.post(url, { serviceName: 'race' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 409, 409, 409, 409, 409]);
  });

  it('have nothing to update, so an update changes nothing', async () => {
    await expectStatus(204, service.put(`${url}/carts`, { serviceName: 'carts' }));
    expect(await service.put(`${url}/carts`, { serviceName: 'b' })).toMatchObject(failure(400, expect.any(String)));
    expect(await service.put(`${url}/unknown`, { serviceName: 'unknown' })).toMatchObject(serviceNotFound);
  });

  it('are deleted from that stage only', async () => {
    await service.project('delete-one', ['dev', 'prod'], ['carts']);
    await expectStatus(204, service.delete('/v1/project/delete-one/stage/dev/service/carts'));
    expect(await service.get('/v1/project/delete-one/stage/dev/service/carts')).toMatchObject(serviceNotFound);
    expect((await service.get('/v1/project/delete-one/service/carts')).body).toMatchObject({
      stageInfo: [{ stageName: 'prod' }],
    });
    expect(await filesOf(service.repository('delete-one'), 'dev')).toEqual(['metadata.yaml']);
    expect(await git(service.repository('delete-one'), 'log', '-1', '--format=%s', 'dev')).toBe(
      'Deleted service: carts',
    );
    expect(await service.delete('/v1/project/delete-one/stage/dev/service/carts')).toMatchObject(serviceNotFound);
  });
});

describe('services in all stages', () => {
  it('are created everywhere, with their first resources, in one commit a stage', async () => {
    await service.project('all-stages', ['dev', 'prod']);
    const resources = [{ resourceURI: 'jmeter/load.jmx', resourceContent: base64('<load/>') }];
    expect(await service.post('/v1/project/all-stages/service', { serviceName: 'carts', resources })).toMatchObject({
      status: 200,
      body: { stages: ['dev', 'prod'] },
    });
    for (const stage of ['dev', 'prod']) {
      expect((await service.get(`/v1/project/all-stages/stage/${stage}/service/carts`)).status).toBe(200);
      expect(await git(service.repository('all-stages'), 'show', `${stage}:carts/jmeter/load.jmx`)).toBe('<load/>');
      expect(await git(service.repository('all-stages'), 'log', '-1', '--format=%s', stage)).toBe(
        'Added service: carts',
      );
    }
  });

  it('are created nowhere when one stage has them already', async () => {
    await service.project('partly', ['dev', 'prod']);
    await expectStatus(204, service.post('/v1/project/partly/stage/prod/service', { serviceName: 'carts' }));
    expect(await service.post('/v1/project/partly/service', { serviceName: 'carts' })).toMatchObject(
      failure(409, 'Service already exists'),
    );
    expect(await filesOf(service.repository('partly'), 'dev')).toEqual(['metadata.yaml']);
  });

  it('are not created without a project, without stages, or with a bad resource', async () => {
    expect(await service.post('/v1/project/none/service', { serviceName: 'carts' })).toMatchObject(projectNotFound);
    await expectStatus(204, service.post('/v1/project', { projectName: 'stageless' }));
    expect(await service.post('/v1/project/stageless/service', { serviceName: 'carts' })).toMatchObject(
      failure(409, 'project stageless has no stages yet: create a stage first'),
    );
    await service.project('bad-resource');
    const resources = [{ resourceURI: '../x', resourceContent: '' }];
    expect(await service.post('/v1/project/bad-resource/service', { serviceName: 'carts', resources })).toMatchObject(
      failure(400, expect.stringMatching(/^resource "\.\.\/x": resourceURI must not/)),
    );
  });

  it('are listed and read with what they are in each stage', async () => {
    await service.project('inverse', ['dev', 'prod'], ['carts']);
    await expectStatus(204, service.post('/v1/project/inverse/stage/prod/service', { serviceName: 'orders' }));
    const carts = {
      serviceName: 'carts',
      creationDate: NANOSECONDS,
      stageInfo: [{ stageName: 'dev' }, { stageName: 'prod' }],
    };
    const orders = { serviceName: 'orders', creationDate: NANOSECONDS, stageInfo: [{ stageName: 'prod' }] };
    expect((await service.get('/v1/project/inverse/service')).body).toEqual({
      services: [carts, orders],
      nextPageKey: '0',
      totalCount: 2,
    });
    expect((await service.get('/v1/project/inverse/service/carts')).body).toEqual(carts);
    expect((await service.get('/v1/project/inverse/service/orders')).body).toEqual(orders);
    expect(await service.get('/v1/project/inverse/service/unknown')).toMatchObject(serviceNotFound);
    expect(await service.get('/v1/project/none/service/carts')).toMatchObject(projectNotFound);
    expect(await service.get('/v1/project/none/service')).toMatchObject(projectNotFound);
  });

  it('are deleted from all stages', async () => {
    await service.project('delete-all', ['dev', 'prod'], ['carts', 'orders']);
    expect(await service.delete('/v1/project/delete-all/service/carts')).toMatchObject({
      status: 200,
      body: { stages: ['dev', 'prod'] },
    });
    expect((await service.get('/v1/project/delete-all/service')).body).toMatchObject({
      services: [{ serviceName: 'orders' }],
    });
    expect(await filesOf(service.repository('delete-all'), 'prod')).toEqual(['metadata.yaml', 'orders/metadata.yaml']);
    expect(await service.delete('/v1/project/delete-all/service/carts')).toMatchObject(serviceNotFound);
    expect(await service.delete('/v1/project/none/service/carts')).toMatchObject(projectNotFound);
  });
});
