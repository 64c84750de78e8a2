import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import mongoose from 'mongoose';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { git } from './git-client';
import { base64, expectStatus, freshDatabase, shipyardOf, StartedService } from './started-service';

let service: StartedService;
beforeEach(async () => {
  service = await StartedService.start();
});
afterEach(() => service.stop());

const DEPLOYED = {
  specversion: '0.2',
  id: 'one',
  type: 'sh.keptn.events.deployment-finished',
  source: 'helm-service',
  data: { project: 'sockshop', stage: 'dev', service: 'carts', image: 'carts', tag: '1.0' },
};

describe('a service that starts', () => {
  it('makes the whole view from Git when the database is empty', async () => {
    await service.project('sockshop', ['hardening', 'dev'], ['carts', 'orders']);
    await service.project('other', ['dev']);
    await expectStatus(204, service.delete('/v1/project/sockshop/stage/dev/service/orders'));
    const before = (await service.get('/v1/project')).body;
    await service.restart({ MONGODB_URI: `${inject('mongodbUri')}/${freshDatabase()}` });
    expect((await service.get('/v1/project')).body).toEqual(before);
  });

  it('finds everything as it was', async () => {
    await service.project('sockshop', ['dev'], ['carts']);
    await service.post('/v1/event', DEPLOYED);
    await service.post('/v1/project/sockshop/stage/dev/service/carts/approval', { eventId: 'a-1' });
    const before = (await service.get('/v1/project')).body;
    await service.restart();
    expect((await service.get('/v1/project')).body).toEqual(before);
  });

  it('repairs what a crash left between Git and the view, and keeps what only the view knows', async () => {
    await service.project('sockshop', ['dev', 'prod'], ['carts']);
    await service.project('deleted', ['dev'], ['carts']);
    await service.post('/v1/event', DEPLOYED);
    const before = (await service.get('/v1/project')).body as { projects: object[] };
    const [sockshop] = before.projects;
    await damageView(service);
    await service.restart();
    expect((await service.get('/v1/project')).body).toEqual(before);
    expect(sockshop).toMatchObject({ stages: [{ services: [{ deployedImage: 'carts:1.0' }] }, {}] });
  });

  it('shows what somebody did to the repositories while it was down', async () => {
    await service.project('sockshop', ['dev', 'prod'], ['carts']);
    await service.put('/v1/project/sockshop/stage/prod/service/carts/resource/metadata.yaml', {
      resourceContent: base64('edited: by hand'),
    });
    await service.put('/v1/project/sockshop/resource/shipyard.yaml', { resourceContent: shipyardOf(['prod', 'dev']) });
    await git(service.repository('sockshop'), 'branch', '-D', 'dev');
    await git(service.repository('sockshop'), 'branch', 'staging', 'prod');
    await service.restart();
    expect((await service.get('/v1/project/sockshop')).body).toMatchObject({
      shipyard: shipyardOf(['prod', 'dev']),
      stages: [
        { stageName: 'prod', services: [{ serviceName: 'carts' }] },
        { stageName: 'staging', services: [{ serviceName: 'carts' }] },
      ],
    });
  });

  it('serves all other projects when a repository is damaged, and says so of that one', async () => {
    await service.project('damaged', ['dev'], ['carts']);
    await service.project('sound', ['dev'], ['carts']);
    await rm(join(service.repository('damaged'), 'HEAD'));
    await rm(join(service.repository('damaged'), 'refs'), { recursive: true });
    await service.restart();
    expect((await service.get('/v1/project')).body).toMatchObject({ totalCount: 2 });
    expect((await service.get('/v1/project/sound/resource/metadata.yaml')).status).toBe(200);
    expect((await service.get('/v1/project/damaged/resource/metadata.yaml')).status).toBe(503);
    expect((await service.post('/v1/project', { projectName: 'damaged' })).status).toBe(409);
  });

  it('is not ready, and answers 503 for the view and serves resources, while the database is away', async () => {
    await service.project('sockshop', ['dev'], ['carts']);
    await service.restart({ MONGODB_URI: 'mongodb://127.0.0.1:1/keptn' }, { waitUntilReady: false });
    expect((await service.get('/ready')).status).toBe(503);
    const notReady = { status: 503, body: { code: 503, reason: 'VIEW_NOT_READY' } };
    expect(await service.get('/v1/project')).toMatchObject(notReady);
    expect(await service.post('/v1/project', { projectName: 'new' })).toMatchObject(notReady);
    expect((await service.get('/v1/project/sockshop/resource/shipyard.yaml')).status).toBe(200);
  });
});

/** Takes away, adds and changes what Git knows. */
async function damageView({ environment }: StartedService): Promise<void> {
  const connection = await mongoose.createConnection(environment['MONGODB_URI'] ?? '').asPromise();
  const projects = connection.collection('view_projects');
  const services = connection.collection('view_services');
  await projects.updateOne(
    { projectName: 'sockshop' },
    { $set: { stages: ['dev', 'ghost'] }, $unset: { shipyard: 1 } },
  );
  await projects.deleteOne({ projectName: 'deleted' });
  await services.deleteMany({ projectName: 'deleted' });
  await projects.insertOne({ projectName: 'ghost', creationDate: '1', stages: ['dev'] });
  await services.insertOne({ projectName: 'ghost', serviceName: 'carts', creationDate: '1', stages: {} });
  await services.updateOne({ projectName: 'sockshop', serviceName: 'carts' }, { $unset: { 'stages.prod': 1 } });
  await services.insertOne({ projectName: 'sockshop', serviceName: 'empty', creationDate: '1', stages: {} });
  const ghost = { stageName: 'dev', creationDate: '1' };
  await services.insertOne({
    projectName: 'sockshop',
    serviceName: 'ghost',
    creationDate: '1',
    stages: { dev: ghost },
  });
  await connection.close();
}
