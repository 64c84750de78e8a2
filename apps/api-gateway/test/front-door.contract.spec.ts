import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { get as httpsGet } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { type RunningService, startService } from '@keptn/service-kit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { apiGateway } from '../src/app.module';

const TOKEN = 'the-right-token-of-this-test';

const received: IncomingMessage[] = [];
const asked: (string | undefined)[] = [];
let answer: RequestListener;

/** Stands where the services would be. Its document says which of its operations are internal. */
const service = createServer((request, response) => {
  if (request.url === '/v1/auth') {
    asked.push(String(request.headers['x-token']));
    response.writeHead(request.headers['x-token'] === TOKEN ? 200 : 401).end();
  } else if (request.url === '/swagger-ui/swagger.json') {
    response.end(JSON.stringify({ paths: DOCUMENTED_PATHS }));
  } else {
    received.push(request);
    answer(request, response);
  }
});

const DOCUMENTED_PATHS = {
  '/v1/event': { post: { 'x-internal': true } },
  '/v1/project/{projectName}': { get: {}, delete: { 'x-internal': true } },
  '/v1/project/{projectName}/{kind}': { get: { 'x-internal': true } },
  '/v1/project/{projectName}/stage': { get: {}, post: { 'x-internal': true } },
};

let serviceUrl: string;
let gateway: RunningService;

const start = async (settings: Record<string, string> = {}) => {
  gateway = await startService(apiGateway, {
    HOST: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: 'silent',
    API_SERVICE_URL: serviceUrl,
    CONFIGURATION_SERVICE_URL: serviceUrl,
    MONGODB_DATASTORE_URL: serviceUrl,
    ...settings,
  });
};

beforeAll(async () => {
  await once(service.listen(0, '127.0.0.1'), 'listening');
  serviceUrl = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
});

afterAll(() => {
  service.closeAllConnections();
  service.close();
});

beforeEach(() => {
  received.length = 0;
  asked.length = 0;
  answer = (_request, response) => response.end('{}');
});

afterEach(() => gateway.close());

const call = (path: string, { method = 'GET', headers = {} } = {}) =>
  fetch(`${gateway.url}${path}`, { method, redirect: 'manual', headers: { 'x-token': TOKEN, ...headers } });

describe('whom a request is from', () => {
  const FORGED = {
    'x-forwarded-for': '198.51.100.7, 192.0.2.9',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'evil.example',
    forwarded: 'for=198.51.100.7',
  };

  it('is the other end of the connection, whatever the client says', async () => {
    await start();
    await call('/api/v1/x', { headers: FORGED });
    expect(received[0]?.headers).toMatchObject({
      'x-forwarded-for': '198.51.100.7, 192.0.2.9, 127.0.0.1',
      'x-real-ip': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': new URL(gateway.url).host,
    });
    expect(received[0]?.headers).not.toHaveProperty('forwarded');
  });

  it.each([
    ['127.0.0.0/8', '192.0.2.9'],
    ['127.0.0.1, 192.0.2.0/24', '198.51.100.7'],
    ['0.0.0.0/0', '198.51.100.7'],
    ['10.0.0.0/8', '127.0.0.1'],
  ])('is what the proxies %s say', async (proxies, client) => {
    await start({ TRUSTED_PROXIES: proxies });
    await call('/api/v1/x', { headers: FORGED });
    expect(received[0]?.headers['x-real-ip']).toBe(client);
  });
});

describe('a trace', () => {
  const GIVEN = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

  it('goes on', async () => {
    await start();
    await call('/api/v1/x', { headers: { traceparent: GIVEN, tracestate: 'a=b' } });
    expect(received[0]?.headers).toMatchObject({ traceparent: GIVEN, tracestate: 'a=b' });
  });

  it('begins here when the caller has none that is one', async () => {
    await start();
    await call('/api/v1/x', { headers: { traceparent: 'nonsense', tracestate: 'a=b', 'x-request-id': 'not an id' } });
    expect(received[0]?.headers['traceparent']).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    expect(received[0]?.headers).not.toHaveProperty('tracestate');
    expect(received[0]?.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('headers', () => {
  it('for this hop stay on this hop', async () => {
    await start();
    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
    socket.write(
      `GET /api/v1/x HTTP/1.1\r\nHost: a\r\nX-Token: ${TOKEN}\r\nConnection: close, x-mine\r\nX-Mine: 1\r\nTE: trailers\r\n\r\n`,
    );
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 [^]*connection: close/i);
    expect(received[0]?.headers).not.toHaveProperty('x-mine');
    expect(received[0]?.headers).not.toHaveProperty('te');
    expect(received[0]?.headers.connection).toBe('keep-alive');
  });

  it('tell browsers not to guess, frame or name the page', async () => {
    await start();
    const { headers } = await call('/api/v1/x');
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'content-security-policy': "frame-ancestors 'none'",
      'referrer-policy': 'no-referrer',
    });
    expect(headers.has('access-control-allow-origin')).toBe(false);
  });
});

describe('pages of another origin', () => {
  const PREFLIGHT = {
    origin: 'https://ui.example',
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'x-token, content-type',
    'x-token': '',
  };

  it('may not call the API', async () => {
    await start();
    expect((await call('/api/v1/x', { method: 'OPTIONS', headers: PREFLIGHT })).status).toBe(401);
  });

  it('may when the origin is allowed', async () => {
    await start({ CORS_ALLOWED_ORIGINS: 'https://ui.example, https://other.example' });
    const preflight = await call('/api/v1/x', { method: 'OPTIONS', headers: PREFLIGHT });
    expect(preflight.status).toBe(204);
    expect(Object.fromEntries(preflight.headers)).toMatchObject({
      'access-control-allow-origin': 'https://ui.example',
      'access-control-allow-headers': 'x-token, content-type',
      vary: 'Origin',
    });
    expect(received).toEqual([]);
    const foreign = await call('/api/v1/x', { headers: { origin: 'https://evil.example' } });
    expect(foreign.headers.has('access-control-allow-origin')).toBe(false);
  });
});

describe('internal operations', () => {
  it.each([
    ['POST', '/api/configuration-service/v1/event', 403],
    ['POST', '//api/configuration-service/v1//%65vent/', 403],
    ['DELETE', '/api/configuration-service/v1/project/p', 403],
    ['POST', '/api/configuration-service/v1/project/p/stage', 403],
    ['HEAD', '/api/configuration-service/v1/project/p/anything', 403],
    ['GET', '/api/configuration-service/v1/project/p', 200],
    ['GET', '/api/configuration-service/v1/project/p/stage', 200],
    ['GET', '/api/configuration-service/v1/event', 200],
  ])('are refused when they are not to be seen: %s %s', async (method, path, status) => {
    await start({ EXPOSE_INTERNAL_ENDPOINTS: 'false' });
    expect((await call(path, { method })).status).toBe(status);
    expect(received.length).toBe(status === 403 ? 0 : 1);
  });

  it('can be called otherwise', async () => {
    await start();
    expect((await call('/api/configuration-service/v1/event', { method: 'POST' })).status).toBe(200);
  });
});

describe('a connection to a service that was restarted', () => {
  /** Answers one request, and breaks the same connection off at the next one. */
  const breakReused = (): void => {
    const used = new WeakSet<Socket>();
    answer = (request, response) => {
      if (used.has(request.socket)) {
        request.socket.resetAndDestroy();
      } else {
        used.add(request.socket);
        response.end('{}');
      }
    };
  };

  it.each(['GET', 'DELETE'])('is not the end of a %s, which is sent again', async (method) => {
    await start();
    breakReused();
    for (let round = 0; round < 4; round += 1) {
      expect((await call('/api/v1/x', { method })).status).toBe(200);
    }
  });

  it('is the end of a POST, which may have been done', async () => {
    await start();
    breakReused();
    expect((await call('/api/v1/x', { method: 'POST' })).status).toBe(200);
    expect(await (await call('/api/v1/x', { method: 'POST' })).json()).toMatchObject({ code: 502 });
    expect(received.length).toBe(2);
  });
});

describe('an answer that a service breaks off', () => {
  it('is broken off for the client', async () => {
    await start();
    let breakOff = (): void => undefined;
    answer = (_request, response) => {
      response.write('a part');
      breakOff = () => response.socket?.resetAndDestroy();
    };
    const response = await call('/api/v1/x');
    breakOff();
    await expect(response.text()).rejects.toThrow();
  });
});

describe('a client with too many connections', () => {
  it('gets no more of them, and others do', async () => {
    await start({ MAX_CONNECTIONS_PER_CLIENT: '2' });
    const port = Number(new URL(gateway.url).port);
    const open = [1, 2].map(() => connect(port, '127.0.0.1'));
    await Promise.all(open.map((socket) => once(socket, 'connect')));
    const third = connect(port, '127.0.0.1').on('error', () => undefined);
    await once(third, 'close');
    const other = connect({ port, host: '127.0.0.1', localAddress: '127.0.0.2' });
    other.write('GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    expect(await text(other)).toMatch(/^HTTP\/1\.1 200 /);
    open.forEach((socket) => socket.destroy());
  });
});

describe('more connections than the gateway takes', () => {
  it('are closed at once, and there is room again when others end', async () => {
    await start({ MAX_CONNECTIONS: '2' });
    const port = Number(new URL(gateway.url).port);
    const health = 'GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
    // From different addresses, so that it is not the limit of one client.
    const open = ['127.0.0.1', '127.0.0.2'].map((localAddress) => connect({ port, host: '127.0.0.1', localAddress }));
    await Promise.all(open.map((socket) => once(socket, 'connect')));
    const third = connect(port, '127.0.0.1').on('error', () => undefined);
    await once(third, 'close');
    const [first, second] = open as [Socket, Socket];
    first.write(health);
    expect(await text(first)).toMatch(/^HTTP\/1\.1 200 /);
    await expect
      .poll(async () => {
        const next = connect(port, '127.0.0.1').on('error', () => undefined);
        next.write(health);
        return text(next).catch(() => '');
      })
      .toMatch(/^HTTP\/1\.1 200 /);
    second.destroy();
  });
});

describe('a client that takes nothing of its answer', () => {
  it('is cut off, and its service is told', async () => {
    await start({ STALLED_CLIENT_TIMEOUT_MS: '300' });
    // More than all buffers on the way can take.
    const whole = Buffer.alloc(64 * 1024 * 1024);
    const cutOff = new Promise<void>((resolve) => {
      answer = (_request, response) => {
        // It never ends by itself.
        response.on('close', resolve).write(whole);
      };
    });
    const client = connect(Number(new URL(gateway.url).port), '127.0.0.1').on('error', () => undefined);
    client.pause();
    client.write(`GET /api/v1/x HTTP/1.1\r\nHost: a\r\nX-Token: ${TOKEN}\r\n\r\n`);
    await expect(cutOff).resolves.toBeUndefined();
    client.destroy();
  });
});

describe('wrong tokens', () => {
  it('are tried no faster than permitted, with the time to come back; the right one always passes', async () => {
    await start({ AUTH_FAILURES_PER_MINUTE: '1', AUTH_CACHE_MS: '0' });
    const guess = (token: string) =>
      call('/api/v1/x', { headers: { 'x-token': token, 'x-forwarded-for': `192.0.2.${asked.length}` } });
    expect((await call('/api/v1/x')).status).toBe(200);
    expect((await guess('a')).status).toBe(401);
    const refused = await guess('b');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await call('/api/v1/x')).status).toBe(200);
    expect((await guess('')).status).toBe(401);
    expect(asked).toEqual([TOKEN, 'a', TOKEN]);
  });

  it('are not what the first requests of a client are taken for that come at once with the right one', async () => {
    await start({ AUTH_FAILURES_PER_MINUTE: '1' });
    const answers = await Promise.all(Array.from({ length: 20 }, () => call('/api/v1/x')));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  });
});

describe('the Bridge', () => {
  it('is behind the gateway when there is one', async () => {
    await start({ BRIDGE_URL: serviceUrl });
    expect((await call('/', { headers: { 'x-token': '' } })).headers.get('location')).toBe('/bridge/');
    expect((await call('/project/a?b=c')).headers.get('location')).toBe('/bridge/project/a?b=c');
    expect((await call('/bridge/main.js', { headers: { 'x-token': '' } })).status).toBe(200);
    expect(received[0]?.url).toBe('/main.js');
  });
});

describe('metrics', () => {
  const figures = async () => {
    const lines = await (await call('/metrics')).text();
    const counts = lines.split('\n').filter((line) => line.startsWith('gateway_request_duration_seconds_count{'));
    return Object.fromEntries(
      counts.map((line) => {
        const [, upstream, status, count] = /upstream="(.+?)",status="(.+?)".*\} (\d+)$/.exec(line) ?? [];
        return [`${upstream} ${status}`, Number(count)];
      }),
    );
  };

  it('count requests by service and kind of answer, and apart those that the gateway refused', async () => {
    await start();
    answer = (request, response) => response.writeHead(request.url === '/v1/missing' ? 404 : 200).end();
    await call('/api/v1/x');
    await call('/api/v1/missing');
    await call('/api/mongodb-datastore/event');
    await call('/api/v1/x', { headers: { 'x-token': '' } });
    await expect.poll(figures).toEqual({
      'api-service 2xx': 1,
      'api-service 4xx': 1,
      'mongodb-datastore 2xx': 1,
      'none 4xx': 1,
    });
  });
});

describe('probes', () => {
  it.each(['/health', '/ready', '/nginx-health'])('%s needs no token', async (path) => {
    await start();
    expect((await call(path, { headers: { 'x-token': '' } })).status).toBe(200);
  });

  it('get the text of the original from /nginx-health', async () => {
    await start();
    const response = await call('/nginx-health');
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(await response.text()).toBe('OK\n');
  });
});

describe('with a certificate', () => {
  /** Made for these tests and known to everybody. */
  const file = (name: string) => fileURLToPath(new URL(`tls/${name}`, import.meta.url));
  const certificate = file('localhost.pem');

  it('the gateway speaks HTTPS, and says so', async () => {
    await start({ TLS_CERT_FILE: certificate, TLS_KEY_FILE: file('localhost-key.pem') });
    const { port } = new URL(gateway.url);
    const options = { port, path: '/api/v1/x', headers: { 'x-token': TOKEN }, agent: false };
    const outgoing = httpsGet({ ...options, ca: readFileSync(certificate), servername: 'localhost' });
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
    await text(response);
    expect(response.statusCode).toBe(200);
    expect(response.headers['strict-transport-security']).toMatch(/^max-age=/);
    expect(received[0]?.headers['x-forwarded-proto']).toBe('https');
    expect(gateway.url).toMatch(/^https:/);
  });

  it('without its key the gateway does not start', async () => {
    await start();
    await expect(startService(apiGateway, { TLS_CERT_FILE: certificate, LOG_LEVEL: 'silent' })).rejects.toThrow(
      'TLS_CERT_FILE and TLS_KEY_FILE belong together: set both, or neither',
    );
  });

  it('that does not exist it does not start', async () => {
    await start();
    const files = { TLS_CERT_FILE: '/nowhere/cert.pem', TLS_KEY_FILE: '/nowhere/key.pem' };
    await expect(startService(apiGateway, { ...files, LOG_LEVEL: 'silent' })).rejects.toThrow(
      'TLS_CERT_FILE and TLS_KEY_FILE must name a certificate and its key in the PEM format',
    );
  });
});
