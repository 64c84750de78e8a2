import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningService } from '@keptn/service-kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, startApiService } from './started-api-service';

const BRIDGE = '/v1/config/bridge';

describe('user and password of the Bridge, outside of a cluster', () => {
  let folder: string;
  let service: RunningService;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keptn-bridge-'));
    service = await startApiService({ KEPTN_DATA_DIR: folder });
  });

  afterAll(async () => {
    await service.close();
    await rm(folder, { recursive: true });
  });

  it('are not found before they are set', async () => {
    expect(await call(service.url, 'GET', BRIDGE)).toMatchObject({
      status: 404,
      body: { message: expect.stringMatching(/^Could not read bridge credentials/) },
    });
  });

  it.each([
    [{}, 'password in body is required'],
    [{ password: 'p' }, 'user in body is required'],
    [{ user: 'u', password: '' }, 'no password provided'],
    [{ user: '', password: 'p' }, 'no user provided'],
    [{ user: 7, password: 'p' }, 'user in body must be of type string'],
  ])('are refused as %j, with the reason', async (body, message) => {
    expect(await call(service.url, 'POST', BRIDGE, body)).toEqual({
      status: 400,
      body: { code: 400, message, reason: 'INVALID_REQUEST' },
    });
  });

  it('are kept in a file of their owner, and can be changed', async () => {
    for (const password of ['first "secret"', 'zweites Geheimnis: ü']) {
      expect(await call(service.url, 'POST', BRIDGE, { user: 'keptn', password })).toEqual({ status: 200, body: '' });
      expect(await call(service.url, 'GET', BRIDGE)).toEqual({ status: 200, body: { user: 'keptn', password } });
    }
    expect(await readdir(folder)).toEqual(['bridge-credentials.json']);
    expect((await stat(join(folder, 'bridge-credentials.json'))).mode & 0o777).toBe(0o600);
  });

  it('survive a restart', async () => {
    await call(service.url, 'POST', BRIDGE, { user: 'keptn', password: 'kept' });
    await service.close();
    service = await startApiService({ KEPTN_DATA_DIR: folder });
    expect(await call(service.url, 'GET', BRIDGE)).toMatchObject({ body: { user: 'keptn', password: 'kept' } });
  });

  it('are in no answer when their file is damaged', async () => {
    await writeFile(join(folder, 'bridge-credentials.json'), '{"password":"half a secr');
    const answer = await call(service.url, 'GET', BRIDGE);
    expect(answer.status).toBe(500);
    expect(JSON.stringify(answer.body)).not.toContain('secr');
  });

  it('have no place when there is neither a data folder nor a cluster', async () => {
    const homeless = await startApiService();
    expect(await call(homeless.url, 'POST', BRIDGE, { user: 'u', password: 'p' })).toMatchObject({
      status: 503,
      body: { message: expect.stringContaining('KEPTN_DATA_DIR') },
    });
    await homeless.close();
  });
});
