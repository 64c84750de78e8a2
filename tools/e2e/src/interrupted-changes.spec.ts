import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import process from 'node:process';
import { SERVICES } from '@keptn/service-catalog';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { findFreePorts } from '@keptn/vitest-setup/free-ports';
import { type LaunchedSystem, newLaunch, programOf, removeData, startSystem } from './running-system';
import { untilReady } from './until-ready';

/** The next look of another replica comes after a change is certain to be made or not, in milliseconds. */
const RECORDED_MS = 60_000;

const shipyard = Buffer.from('stages:\n  - name: dev\n').toString('base64');

describe('a change whose api-service is killed between Git and the log', () => {
  let system: LaunchedSystem;
  let token: string;

  beforeAll(async () => {
    system = await startSystem(await newLaunch());
    token = await system.token();
  });

  afterAll(async () => {
    await system.interrupt();
    await removeData(system.launch);
  });

  const urlOf = (service: string): string => {
    const offset = SERVICES.find(({ name }) => name === service)?.portOffset ?? 0;
    return `http://127.0.0.1:${system.launch.firstPort + offset}`;
  };

  /** In front of configuration-service: kills the replica instead of passing on that a change is made. */
  const startFatalProxy = async (replica: () => ChildProcess): Promise<Server> => {
    const proxy = createServer((request, response) => {
      void (async () => {
        const body = Buffer.concat((await request.toArray()) as Buffer[]);
        const answer = await fetch(urlOf('configuration-service') + (request.url ?? ''), {
          method: request.method ?? 'GET',
          headers: {
            'x-token': token,
            'content-type': 'application/json',
            'x-keptn-context': String(request.headers['x-keptn-context']),
          },
          ...(body.length > 0 && { body }),
        });
        if (request.method !== 'GET') {
          expect(answer.ok).toBe(true);
          replica().kill('SIGKILL');
          return;
        }
        response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
      })();
    });
    await once(proxy.listen(0, '127.0.0.1'), 'listening');
    return proxy;
  };

  /** The request of a client whose answer never comes. */
  const callAndKill = async (method: string, path: string, body?: unknown): Promise<void> => {
    const port = await findFreePorts(1);
    const proxy = await startFatalProxy(() => replica);
    const replica = spawn(process.execPath, [programOf('api-service')], {
      env: {
        PATH: process.env['PATH'],
        HOST: '127.0.0.1',
        PORT: String(port),
        LOG_LEVEL: 'silent',
        KEPTN_API_TOKEN: token,
        MONGODB_URI: `${inject('mongodbUri')}/interrupted-changes`,
        MONGODB_DATASTORE_URL: urlOf('mongodb-datastore'),
        CONFIGURATION_SERVICE_URL: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
      },
      stdio: 'ignore',
    });
    const url = `http://127.0.0.1:${port}`;
    await untilReady(url);
    const request = fetch(url + path, {
      method,
      headers: { 'x-token': token, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    await expect(request).rejects.toThrow();
    proxy.closeAllConnections();
    proxy.close();
  };

  const typesOf = async (project: string): Promise<string[]> => {
    const { json } = await system.call('GET', `/mongodb-datastore/event?project=${project}`);
    return (json as { events: { type: string }[] }).events.map(({ type }) => type.replace(/^.*event\./, ''));
  };

  const createProject = (name: string) => system.call('POST', '/v1/project', { name, shipyard });

  it('is recorded within a minute, once, as if nothing had happened', { timeout: 4 * RECORDED_MS }, async () => {
    await createProject('shop');
    await createProject('gone');
    const direct = { projectName: 'direct', shipyard };
    expect((await system.call('POST', '/configuration-service/v1/project', direct)).status).toBe(204);

    await callAndKill('POST', '/v1/project', { name: 'new', shipyard });
    await callAndKill('POST', '/v1/project/shop/service', { serviceName: 'carts' });
    await callAndKill('DELETE', '/v1/project/gone');
    expect(await typesOf('shop')).toEqual(['project.create']);

    const all = () => Promise.all(['new', 'shop', 'gone'].map(typesOf));
    await expect
      .poll(all, { timeout: RECORDED_MS, interval: 500 })
      .toEqual([['project.create'], ['service.create', 'project.create'], []]);
    expect(await typesOf('direct')).toEqual([]);
  });
});
