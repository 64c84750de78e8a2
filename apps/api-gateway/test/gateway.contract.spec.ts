import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  request as httpRequest,
  type RequestListener,
  type Server,
} from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { type RunningService, startService } from '@keptn/service-kit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { apiGateway } from '../src/app.module';

const TOKEN = 'the-right-token-of-this-test';

/** Stands where a service would be: the gateway sees nothing of it but HTTP. */
class Upstream {
  readonly received: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[] = [];
  answer: RequestListener = (_request, response) => response.end('{}');
  private server: Server | undefined;
  port = 0;
  /** What the token check is answered with whatever the token, when it is not for the token to decide. */
  authStatus: number | undefined;

  async start(): Promise<void> {
    this.server = createServer((request, response) => {
      if (request.url === '/v1/auth') {
        response
          .writeHead(this.authStatus ?? (request.headers['x-token'] === TOKEN ? 200 : 401))
          .end('{"code":401,"message":"incorrect api key auth"}');
        return;
      }
      this.answer(request, response);
    });
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    this.server?.close();
    await Promise.resolve();
  }

  /** Notes what arrives and answers with it. */
  readonly echo: RequestListener = (request, response) => {
    void text(request).then((body) => {
      this.received.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ ok: true }));
    });
  };
}

const api = new Upstream();
const configuration = new Upstream();
const datastore = new Upstream();

const startGateway = (settings: Record<string, string> = {}) =>
  startService(apiGateway, {
    HOST: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: 'silent',
    API_SERVICE_URL: `http://127.0.0.1:${api.port}`,
    CONFIGURATION_SERVICE_URL: `http://127.0.0.1:${configuration.port}`,
    MONGODB_DATASTORE_URL: `http://127.0.0.1:${datastore.port}`,
    MAX_BODY_BYTES: '1000',
    UPSTREAM_TIMEOUT_MS: '300',
    AUTH_CACHE_MS: '0',
    ...settings,
  });

let gateway: RunningService;

beforeAll(async () => {
  await Promise.all([api, configuration, datastore].map((upstream) => upstream.start()));
  gateway = await startGateway();
});

afterAll(async () => {
  await gateway.close();
  await Promise.all([api, configuration, datastore].map((upstream) => upstream.stop()));
});

beforeEach(() => {
  for (const upstream of [api, configuration, datastore]) {
    upstream.answer = upstream.echo;
    upstream.received.length = 0;
  }
});

interface CallOptions extends RequestInit {
  headers?: Record<string, string>;
}

const call = (path: string, init: CallOptions = {}, base = gateway.url) =>
  fetch(`${base}${path}`, { redirect: 'manual', ...init, headers: { 'x-token': TOKEN, ...init.headers } });

describe('the gateway sends a request on', () => {
  it.each([
    ['/api/v1/project/', api, '/v1/project/'],
    ['/api/configuration-service/v1/project?pageSize=5', configuration, '/v1/project?pageSize=5'],
    ['/api/mongodb-datastore/event?a=%2F&b=x%20y', datastore, '/event?a=%2F&b=x%20y'],
    [
      '/api/configuration-service/v1/project/p/resource/helm%2Fvalues.yaml',
      configuration,
      '/v1/project/p/resource/helm%2Fvalues.yaml',
    ],
    ['/api/configuration-service/v1/x/%252F', configuration, '/v1/x/%252F'],
    ['//api//%761//metadata', api, '/v1/metadata'],
  ])('%s', async (path, upstream, url) => {
    expect((await call(path)).status).toBe(200);
    expect(upstream.received).toMatchObject([{ method: 'GET', url }]);
  });

  it('with its method, body and headers, and says for whom', async () => {
    const response = await call('/api/v1/event', {
      method: 'POST',
      body: '{"a":1}',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': '192.0.2.7', 'x-request-id': 'id-1' },
    });
    expect(response.headers.get('x-request-id')).toBe('id-1');
    expect(api.received).toMatchObject([
      {
        method: 'POST',
        body: '{"a":1}',
        headers: {
          'x-token': TOKEN,
          'content-type': 'application/json',
          'x-forwarded-for': '192.0.2.7, 127.0.0.1',
          'x-real-ip': '127.0.0.1',
          'x-forwarded-proto': 'http',
          'x-request-id': 'id-1',
        },
      },
    ]);
  });

  it('and its answer back as it comes, chunk by chunk', async () => {
    let finish = (): void => undefined;
    datastore.answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('first');
      finish = () => response.end('last');
    };
    const response = await call('/api/mongodb-datastore/event/stream');
    const reader = response.body?.getReader();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('first');
    finish();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('last');
  });

  it('until the client goes away, and then tells the service', async () => {
    const gone = new Promise<void>((resolve) => {
      datastore.answer = (_request, response) => {
        response.writeHead(200).write('a');
        response.on('close', resolve);
      };
    });
    const abort = new AbortController();
    await call('/api/mongodb-datastore/event/stream', { signal: abort.signal });
    abort.abort();
    await expect(gone).resolves.toBeUndefined();
  });

  it('below its prefix only', async () => {
    const prefixed = await startGateway({ PREFIX_PATH: '/keptn' });
    expect((await call('/keptn/api/v1/metadata', {}, prefixed.url)).status).toBe(200);
    expect((await call('/api/v1/metadata', {}, prefixed.url)).status).toBe(404);
    expect((await call('/keptn/api', {}, prefixed.url)).headers.get('location')).toBe('/keptn/api/swagger-ui/');
    expect((await call('/keptn/api/swagger-ui/', { headers: { 'x-token': '' } }, prefixed.url)).status).toBe(200);
    expect((await call('/health', {}, prefixed.url)).status).toBe(200);
    await prefixed.close();
  });
});

describe('the gateway refuses with JSON', () => {
  it.each([
    ['no token', '', { code: 401, message: 'unauthenticated for invalid credentials', reason: 'UNAUTHENTICATED' }],
    ['a wrong token', 'wrong', { code: 401, message: 'incorrect api key auth', reason: 'UNAUTHENTICATED' }],
  ])('%s', async (_what, token, body) => {
    for (const path of [
      '/api/v1/metadata',
      '/api/configuration-service/v1/project',
      '/nowhere',
      '/metrics',
      '/api/v1/auth',
    ]) {
      const response = await call(path, { headers: { 'x-token': token } });
      expect(await response.json()).toEqual(body);
      expect(response.status).toBe(401);
    }
    expect([...api.received, ...configuration.received]).toEqual([]);
  });

  it('an unknown path, once the token is right', async () => {
    expect(await (await call('/nowhere')).json()).toEqual({
      code: 404,
      message: 'path /nowhere was not found',
      reason: 'NOT_FOUND',
    });
  });

  it('a body over the limit, before it is read', async () => {
    const response = await call('/api/v1/event', { method: 'POST', body: 'x'.repeat(1001) });
    expect(await response.json()).toMatchObject({
      code: 413,
      message: expect.stringContaining('1000 bytes'),
      reason: 'PAYLOAD_TOO_LARGE',
    });
    expect(api.received).toEqual([]);
  });

  it.each([
    '/api/%2e%2e/metrics',
    '/api/configuration-service/swagger-ui/..%2f..%2fv1/project',
    '/api/%zz',
    '/api%5cx',
  ])('the unsafe path %s', async (path) => {
    const { port } = new URL(gateway.url);
    const outgoing = httpRequest({ host: '127.0.0.1', port, path, headers: { 'x-token': TOKEN } }).end();
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
    expect(JSON.parse(await text(response))).toMatchObject({ code: 400 });
  });

  it('two different tokens', async () => {
    expect(await sendHeaders([`X-Token: ${TOKEN}`, 'X-Token: x'])).toMatch(/^HTTP\/1\.1 401 /);
    expect(await sendHeaders([`X-Token: ${TOKEN}`, 'Authorization: Bearer x'])).toMatch(/^HTTP\/1\.1 401 /);
  });
});

/** As `fetch` would not send them. */
const sendHeaders = (headers: readonly string[]): Promise<string> => {
  const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
  socket.write(['GET /api/v1/metadata HTTP/1.1', 'Host: a', ...headers, 'Connection: close', '', ''].join('\r\n'));
  return text(socket);
};

describe('the right token', () => {
  it.each([
    ['twice', [`X-Token: ${TOKEN}`, `X-Token: ${TOKEN}`]],
    ['in both headers', [`Authorization: Bearer ${TOKEN}`, `X-Token: ${TOKEN}`]],
    ['beside what is for a proxy', ['Authorization: Basic dTpw', `X-Token: ${TOKEN}`]],
  ])('is right %s', async (_how, headers) => {
    expect(await sendHeaders(headers)).toMatch(/^HTTP\/1\.1 200 /);
  });
});

describe('when an upstream', () => {
  it('is down, the answer is 503', async () => {
    await configuration.stop();
    expect(await (await call('/api/configuration-service/v1/project')).json()).toEqual({
      code: 503,
      message: 'configuration-service cannot be reached; try again in a moment',
      reason: 'SERVICE_UNAVAILABLE',
    });
    expect(await (await call('/ready')).json()).toEqual({
      code: 503,
      message: 'not ready: configuration-service: cannot be reached',
      reason: 'SERVICE_UNAVAILABLE',
    });
    await configuration.start();
    expect((await call('/api/configuration-service/v1/project')).status).toBe(200);
    expect((await call('/ready')).status).toBe(200);
  });

  it('breaks off, the answer is 502', async () => {
    configuration.answer = (request) => request.socket.destroy();
    expect(await (await call('/api/configuration-service/v1/project')).json()).toEqual({
      code: 502,
      message: 'configuration-service broke off before it had answered',
      reason: 'BAD_GATEWAY',
    });
  });

  it('is too slow, the answer is 504', async () => {
    configuration.answer = () => undefined;
    expect(await (await call('/api/configuration-service/v1/project')).json()).toEqual({
      code: 504,
      message: 'configuration-service did not answer within 300 ms',
      reason: 'GATEWAY_TIMEOUT',
    });
  });
});

describe('the token check', () => {
  let gatewayWithCache: RunningService;

  afterEach(() => gatewayWithCache.close());

  it('is asked once for what comes within the cache time', async () => {
    gatewayWithCache = await startGateway({ AUTH_CACHE_MS: '60000' });
    expect((await call('/api/configuration-service/v1/a', {}, gatewayWithCache.url)).status).toBe(200);
    await api.stop();
    expect((await call('/api/configuration-service/v1/a', {}, gatewayWithCache.url)).status).toBe(200);
    const wrong = await call(
      '/api/configuration-service/v1/a',
      { headers: { 'x-token': 'wrong' } },
      gatewayWithCache.url,
    );
    expect(await wrong.json()).toEqual({
      code: 503,
      message: 'api-service, which checks the token, cannot be reached; try again in a moment',
      reason: 'SERVICE_UNAVAILABLE',
    });
    await api.start();
  });

  it.each([
    [302, 502],
    [401, 401],
    [403, 403],
    [404, 502],
    [429, 429],
    [500, 502],
    [503, 503],
    [504, 504],
  ])('fails closed when api-service answers %d', async (authStatus, status) => {
    gatewayWithCache = await startGateway({ AUTH_CACHE_MS: '60000' });
    api.authStatus = authStatus;
    const response = await call('/api/configuration-service/v1/a', {}, gatewayWithCache.url);
    api.authStatus = undefined;
    expect(await response.json()).toMatchObject({ code: status });
    expect(response.status).toBe(status);
    expect(configuration.received).toEqual([]);
  });
});
