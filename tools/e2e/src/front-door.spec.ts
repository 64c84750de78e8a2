import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  type LaunchedSystem,
  newLaunch,
  removeData,
  SEPARATE_PROCESSES,
  startSystem,
  WITHOUT_REACTIONS,
} from './running-system';

const shipyard = Buffer.from('stages:\n  - name: dev\n  - name: production\n').toString('base64');

describe('the front door', { timeout: 120_000 }, () => {
  let system: LaunchedSystem;

  beforeAll(async () => {
    system = await startSystem(await newLaunch({ ...SEPARATE_PROCESSES, ...WITHOUT_REACTIONS }));
  });

  afterAll(async () => {
    await system.interrupt();
    await removeData(system.launch);
  });

  const paths = [
    '/v1/metadata',
    '/v1/auth',
    '/v1/event?keptnContext=a&type=b',
    '/metrics',
    '/health',
    '/nowhere',
    '/configuration-service/v1/project',
    '/configuration-service/metrics',
    '/configuration-service/nowhere',
    '/mongodb-datastore/event',
    '/mongodb-datastore/nowhere',
    '/../metrics',
  ];

  it.each(paths)('answers %s without the token with 401 JSON', async (path) => {
    for (const method of ['GET', 'POST', 'PUT', 'DELETE']) {
      const answer = await system.call(method, path, method === 'GET' ? undefined : { a: 1 }, {});
      expect(answer.json).toEqual({
        code: 401,
        message: 'unauthenticated for invalid credentials',
        reason: 'UNAUTHENTICATED',
      });
      expect(answer.status).toBe(401);
    }
    const wrong = await system.call('GET', path, undefined, { 'x-token': 'wrong' });
    expect(wrong.json).toEqual({ code: 401, message: 'incorrect api key auth', reason: 'UNAUTHENTICATED' });
  });

  it.each([
    '/swagger-ui/',
    '/swagger-ui/swagger-ui-bundle.js',
    '/swagger-ui/swagger.yaml',
    '/configuration-service/swagger-ui/swagger.yaml',
    '/configuration-service/swagger-ui/swagger.json',
    '/mongodb-datastore/swagger-ui/swagger.yaml',
    '/mongodb-datastore/swagger-ui/',
    '/swagger.json',
    '/configuration-service/swagger.json',
    '/v1/docs',
    '/configuration-service/v1/docs',
    '/mongodb-datastore/docs',
  ])('leaves %s open', async (path) => {
    expect((await system.call('GET', path, undefined, {})).status).toBe(200);
  });

  it.each(['POST', 'PUT'])('refuses a %s at once, before its body has come', async (method) => {
    for (const path of ['/api/v1/event', '/api/configuration-service/v1/project', '/api/mongodb-datastore/event']) {
      const socket = connect(system.launch.firstPort, '127.0.0.1');
      socket.write(
        `${method} ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n`,
      );
      const [chunk] = (await once(socket, 'data')) as [Buffer];
      socket.destroy();
      expect(chunk.toString()).toMatch(/^HTTP\/1\.1 401 /);
    }
  });

  it('answers the token check for every method', async () => {
    for (const method of ['GET', 'POST', 'PUT', 'DELETE']) {
      expect(await system.call(method, '/v1/auth')).toMatchObject({ status: 200, text: '' });
    }
  });

  it('leads from /api to the Swagger UI that offers the three APIs', async () => {
    const answer = await fetch(system.endpoint, { redirect: 'manual' });
    expect([answer.status, answer.headers.get('location')]).toEqual([301, '/api/swagger-ui/']);
    const page = await system.call('GET', '/swagger-ui/swagger-ui-init.js', undefined, {});
    for (const url of [
      './swagger.yaml',
      '../configuration-service/swagger-ui/swagger.yaml',
      '../mongodb-datastore/swagger-ui/swagger.yaml',
    ]) {
      expect(page.text).toContain(`"${url}"`);
    }
  });

  it('creates projects and services as a whole, or answers with the reason and leaves nothing', async () => {
    const create = (name: string, content = shipyard) =>
      system.call('POST', '/v1/project', { name, shipyard: content });
    expect(await create('shop')).toMatchObject({
      status: 200,
      json: {
        keptnContext: expect.stringMatching(/^[0-9a-f-]{36}$/),
        token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      },
    });
    const projects = (await system.call('GET', '/configuration-service/v1/project')).json;
    const events = (await system.call('GET', '/mongodb-datastore/event')).json;

    expect(await create('shop')).toMatchObject({ status: 409, json: { code: 409, message: 'Project already exists' } });
    const badShipyard = Buffer.from('stages:\n  - name: dev\n  - nam: x\n').toString('base64');
    expect(await create('other', badShipyard)).toMatchObject({
      status: 400,
      json: { code: 400, message: expect.stringMatching(/line 3/), reason: 'INVALID_SHIPYARD' },
    });
    for (const name of ['', '..', 'a/b', '.git', '-f', 'a b', 'x'.repeat(200)]) {
      expect((await create(name)).status).toBe(400);
    }
    const service = (project: string, serviceName: string) =>
      system.call('POST', `/v1/project/${project}/service`, { serviceName });
    expect((await service('nowhere', 'carts')).status).toBe(404);
    expect((await service('shop', '../carts')).status).toBe(400);

    expect((await system.call('GET', '/configuration-service/v1/project')).json).toEqual(projects);
    expect((await system.call('GET', '/mongodb-datastore/event')).json).toEqual(events);

    expect((await service('shop', 'carts')).status).toBe(200);
    expect(await service('shop', 'carts')).toMatchObject({ status: 409, json: { message: 'Service already exists' } });
    for (const stage of ['dev', 'production']) {
      const path = `/configuration-service/v1/project/shop/stage/${stage}/service/carts`;
      expect((await system.call('GET', path)).json).toMatchObject({ serviceName: 'carts' });
    }
    expect((await system.call('DELETE', '/v1/project/shop/service/carts')).status).toBe(200);
    expect((await system.call('DELETE', '/v1/project/shop')).status).toBe(200);
    expect((await system.call('DELETE', '/v1/project/shop')).status).toBe(404);
    expect((await system.call('GET', '/configuration-service/v1/project/shop')).status).toBe(404);
  });

  it('tests a creation with dryRun, and changes nothing', async () => {
    const test = (body: object) => system.call('POST', '/v1/project?dryRun=true', body);
    expect(await test({ name: 'tested', shipyard })).toMatchObject({ status: 204, text: '' });
    expect(await test({ name: 'tested', shipyard: Buffer.from('stages: []').toString('base64') })).toMatchObject({
      status: 400,
      json: { message: expect.stringContaining('line 1, column 9: stages: at least one stage is required') },
    });
    const upstream = { gitRemoteURL: 'http://127.0.0.1:9/shop.git', gitUser: 'u', gitToken: 't' };
    expect((await test({ name: 'tested', shipyard, ...upstream })).status).toBe(400);
    expect((await system.call('GET', '/configuration-service/v1/project/tested')).status).toBe(404);
    await system.call('POST', '/v1/project', { name: 'tested', shipyard });
    expect(await test({ name: 'tested', shipyard })).toMatchObject({ status: 409 });
    await system.call('DELETE', '/v1/project/tested');
  });

  it('keeps user and password of the Bridge, and logs neither', async () => {
    const credentials = { user: 'bridge-user', password: 'bridge-password' };
    expect(await system.call('POST', '/v1/config/bridge', credentials)).toMatchObject({ status: 200, text: '""' });
    expect(await system.call('GET', '/v1/config/bridge')).toMatchObject({ status: 200, json: credentials });
    const logs = join(system.launch.dataFolder, 'logs');
    const written = async (): Promise<string> =>
      (await Promise.all((await readdir(logs)).map((name) => readFile(join(logs, name), 'utf8')))).join('');
    // Lines of the access log are written in batches.
    await vi.waitFor(async () => {
      expect(await written()).toContain('/v1/config/bridge');
    }, 10_000);
    expect(await written()).not.toMatch(/bridge-user|bridge-password/);
  });

  it('takes a creation back that the event log cannot record', async () => {
    const { pid } = await system.processOf('mongodb-datastore');
    process.kill(pid, 'SIGKILL');
    expect(await system.call('POST', '/v1/project', { name: 'unrecorded', shipyard })).toMatchObject({
      status: 503,
      json: { code: 503, message: expect.stringContaining('mongodb-datastore'), reason: 'SERVICE_UNAVAILABLE' },
    });
    expect((await system.call('GET', '/configuration-service/v1/project/unrecorded')).status).toBe(404);
    await expect
      .poll(async () => (await system.call('POST', '/v1/project', { name: 'unrecorded', shipyard })).status, {
        timeout: 60_000,
      })
      .toBe(200);
  });

  it('answers 503, and never opens, while api-service is down; and recovers', async () => {
    const answers = async () =>
      Promise.all(
        ['/v1/metadata', '/configuration-service/v1/project', '/mongodb-datastore/event'].map(
          async (path) => (await system.call('GET', path)).status,
        ),
      );
    expect(await answers()).toEqual([200, 200, 200]);
    const { pid } = await system.processOf('api-service');
    process.kill(pid, 'SIGSTOP');
    process.kill(pid, 'SIGKILL');
    const seen = new Set<string>();
    await expect
      .poll(
        async () => {
          seen.add((await answers()).join());
          const wrong = await system.call('GET', '/mongodb-datastore/event', undefined, { 'x-token': 'wrong' });
          expect(wrong.status).not.toBe(200);
          return seen.has('503,503,503') && [...seen].at(-1) === '503,503,503';
        },
        { interval: 50, timeout: 30_000 },
      )
      .toBe(true);
    await expect.poll(answers, { interval: 50, timeout: 60_000 }).toEqual([200, 200, 200]);
  });
});
