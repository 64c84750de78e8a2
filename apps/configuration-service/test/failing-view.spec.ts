import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import mongoose, { type Connection } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesOf } from './git-client';
import { expectStatus, readyAt, shipyardOf, StartedService } from './started-service';

let service: StartedService;
let connection: Connection;
beforeAll(async () => {
  service = await StartedService.start();
  connection = await mongoose.createConnection(service.environment['MONGODB_URI'] ?? '').asPromise();
});
afterAll(async () => {
  await connection.close();
  await service.stop();
});

describe('a creation that the view does not take', () => {
  it('is taken back from Git, and works once the view is compared with Git', async () => {
    await connection.collection('view_projects').insertOne({ projectName: 'ghost', creationDate: '1', stages: [] });
    const request = { projectName: 'ghost', shipyard: shipyardOf(['dev']) };
    await expectStatus(500, service.post('/v1/project', request));
    expect(await readdir(join(service.folder, 'repositories'))).not.toContain('ghost.git');
    await readyAt(service.url);
    expect((await service.get('/v1/project/ghost')).status).toBe(404);
    await expectStatus(204, service.post('/v1/project', request));
  });

  it('of a service is taken back from all stages', async () => {
    await service.project('sockshop', ['dev', 'prod']);
    // An entry that is no object cannot get fields.
    const broken = { projectName: 'sockshop', serviceName: 'carts', creationDate: '1', stages: 'broken' };
    await connection.collection('view_services').insertOne(broken);
    await expectStatus(500, service.post('/v1/project/sockshop/service', { serviceName: 'carts' }));
    expect(await filesOf(service.repository('sockshop'), 'dev')).toEqual(['metadata.yaml']);
    expect(await filesOf(service.repository('sockshop'), 'prod')).toEqual(['metadata.yaml']);
    await connection.collection('view_services').deleteOne({ stages: 'broken' });
    await readyAt(service.url);
    await expectStatus(200, service.post('/v1/project/sockshop/service', { serviceName: 'carts' }));
  });
});
