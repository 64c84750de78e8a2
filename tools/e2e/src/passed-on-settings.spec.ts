import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFreePorts } from '@keptn/vitest-setup/free-ports';
import { LaunchedSystem, newLaunch, removeData, startSystem } from './running-system';
import { untilReady } from './until-ready';

describe('a setting of a service that the person who starts the system has set', () => {
  /** Paths of requests, since both the system and a service that runs alone send some. */
  const requested = new EventEmitter();
  const subscriber = createServer(({ url = '' }, response) => {
    response.end();
    requested.emit(url);
  });
  let system: LaunchedSystem;

  beforeAll(async () => {
    subscriber.listen(0, '127.0.0.1');
    await once(subscriber, 'listening');
    const { port } = subscriber.address() as AddressInfo;
    system = await startSystem(
      await newLaunch({
        TRUSTED_NETWORK: 'true',
        EVENT_SUBSCRIBERS: `http://127.0.0.1:${port}/events`,
        POD_NAMESPACE: 'elsewhere',
        SHUTDOWN_DELAY_MS: '1',
        SHUTDOWN_TIMEOUT_MS: '7000',
        PORT: '1',
        KEPTN_COLOUR: 'blue',
        RETENTION_MAX_AGES: '90d',
      }),
    );
  });

  afterAll(async () => {
    await system.interrupt();
    subscriber.close();
    await removeData(system.launch);
  });

  it('reaches the service that reads it', async () => {
    const datastore = `http://127.0.0.1:${system.launch.firstPort + 3}`;
    expect((await fetch(`${datastore}/event`)).status).toBe(200);
    expect((await system.call('GET', '/v1/metadata')).json).toMatchObject({ namespace: 'elsewhere' });
  });

  it('adds to what the system itself needs', async () => {
    const delivered = once(requested, '/events');
    const shipyard = Buffer.from('stages:\n  - name: dev\n').toString('base64');
    expect((await system.call('POST', '/v1/project', { name: 'shop', shipyard })).status).toBe(200);
    await delivered;
  });

  it('reaches a service that runs alone, with its port', async () => {
    const port = await findFreePorts(1);
    const environment = { TRUSTED_NETWORK: 'true', PORT: String(port) };
    const alone = new LaunchedSystem({ ...(await newLaunch(environment)), alone: 'mongodb-datastore' });
    const url = `http://127.0.0.1:${port}`;
    await alone.printed(`mongodb-datastore listens at ${url}`);
    await untilReady(url);
    expect((await fetch(`${url}/event`)).status).toBe(200);
    expect(alone.output).not.toContain('Warning');
    await alone.interrupt();
    await removeData(alone.launch);
  });

  it('is the address of another service for one that runs alone', async () => {
    const { port } = subscriber.address() as AddressInfo;
    const launch = { ...(await newLaunch({ API_SERVICE_URL: `http://127.0.0.1:${port}` })), alone: 'api-gateway' };
    const alone = new LaunchedSystem({ ...launch, openFiles: 900 });
    await alone.printed('api-gateway listens at');
    const asked = once(requested, '/v1/auth');
    await alone.call('GET', '/v1/metadata');
    await asked;
    expect(alone.output).toContain('Warning: only 900 files may be open at the same time');
    await alone.interrupt();
    await removeData(launch);
  });

  it('is named when nothing reads it', () => {
    expect(system.output).toContain('Warning: PORT is not used here: KEPTN_PORT is\n');
    expect(system.output).toContain('Warning: KEPTN_COLOUR is read by nothing\n');
    expect(system.output).toContain('Warning: RETENTION_MAX_AGES is read by nothing: RETENTION_MAX_AGE is\n');
    expect(system.output.match(/Warning/g)).toHaveLength(3);
  });
});
