import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { TOKEN, trialPerTest } from './standing-service';

const trial = trialPerTest();
const { start, call, received } = trial;

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
    const socket = connect(trial.port, '127.0.0.1');
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

  it.each([
    ['', {}],
    [' for a page of another origin', { CORS_ALLOWED_ORIGINS: 'https://ui.example' }],
  ])('of a service count, each as often as it says them%s', async (_case, environment) => {
    await start(environment);
    trial.answer = (_request, response) => {
      response.setHeader('Content-Security-Policy', "default-src 'self'");
      response.setHeader('Set-Cookie', ['a=1', 'b=2']);
      response.setHeader('X-Request-Id', 'of-the-service');
      response.setHeader('Content-Length', 2);
      response.setHeader('Content-Disposition', Buffer.from('attachment; filename="日.txt"').toString('latin1'));
      response.setHeader('Proxy-Connection', 'close');
      response.end('{}');
    };
    const socket = connect(trial.port, '127.0.0.1');
    socket.write(
      `GET /api/v1/x HTTP/1.1\r\nHost: a\r\nX-Token: ${TOKEN}\r\nOrigin: https://ui.example\r\nConnection: close\r\n\r\n`,
    );
    const [head = ''] = (await text(socket)).toLowerCase().split('\r\n\r\n');
    expect(valuesOf(head, 'content-security-policy')).toEqual(["default-src 'self'"]);
    expect(valuesOf(head, 'set-cookie')).toEqual(['a=1', 'b=2']);
    expect(valuesOf(head, 'x-request-id')).toEqual(['of-the-service']);
    expect(valuesOf(head, 'x-content-type-options')).toEqual(['nosniff']);
    expect(valuesOf(head, 'content-disposition')).toEqual(['attachment; filename="日.txt"']);
    expect(valuesOf(head, 'connection')).toEqual(['close']);
    expect(valuesOf(head, 'proxy-connection')).toEqual([]);
  });
});

/** @param head of an answer, in lower case */
const valuesOf = (head: string, name: string): string[] =>
  head.split('\r\n').flatMap((line) => (line.startsWith(`${name}: `) ? [line.slice(name.length + 2)] : []));

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
      vary: 'Origin, Access-Control-Request-Headers',
    });
    expect(received).toEqual([]);
    const foreign = await call('/api/v1/x', { headers: { origin: 'https://evil.example' } });
    expect(foreign.headers.has('access-control-allow-origin')).toBe(false);
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
    trial.answer = (request, response) => response.writeHead(request.url === '/v1/missing' ? 404 : 200).end();
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
