import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningService, startService } from '../src/index';
import { control, environment, ordersService } from './orders-service';

describe('a service', () => {
  let service: RunningService;

  beforeAll(async () => {
    service = await startService(ordersService, environment);
  });

  afterAll(() => service.close());

  const call = async (path: string, init?: RequestInit) => {
    const response = await fetch(`${service.url}${path}`, init);
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: safeJson(text) };
  };
  const safeJson = (text: string): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      return undefined;
    }
  };
  const post = (path: string, body: string, type = 'application/json') =>
    call(path, { method: 'POST', body, headers: { 'content-type': type } });

  it('answers a domain error with its status and message', async () => {
    expect(await post('/orders', '{"name":"taken"}')).toMatchObject({
      status: 409,
      json: { code: 409, message: 'order taken exists already', reason: 'CONFLICT' },
    });
  });

  it('hides the text of a defect', async () => {
    const { status, text } = await call('/orders/defect');
    expect(status).toBe(500);
    expect(text).not.toContain('secret');
  });

  it.each([
    ['malformed JSON', '{"name":', 'application/json', 400, /^the body is not valid JSON/],
    ['an empty body', '', 'application/json', 400, /^a JSON body is required$/],
    ['a missing field', '{}', 'application/json', 400, /^name in body is required$/],
    ['a field of the wrong type', '{"name":5}', 'application/json', 400, /^name in body must be of type string$/],
    [
      'a field over its maximum',
      '{"name":"a","amount":51}',
      'application/json',
      400,
      /^amount in body should be less than or equal to 50$/,
    ],
    ['another media type', 'name=a', 'text/plain', 415, /^unsupported media type/],
    [
      'a body over the limit',
      JSON.stringify({ name: 'a'.repeat(1_000 + 65_536) }),
      'application/json',
      413,
      /limit of 1000 bytes/,
    ],
  ])('refuses %s with JSON', async (_what, body, type, status, message) => {
    const answer = await post('/orders', body, type);
    expect(answer.json).toMatchObject({ code: status, message: expect.stringMatching(message) });
    expect(answer.status).toBe(status);
  });

  it('takes more than the limit, for what other services add to a body on its way', async () => {
    expect((await post('/orders', JSON.stringify({ name: 'a'.repeat(1_000 + 60_000) }))).status).toBe(201);
  });

  it('accepts every JSON media type', async () => {
    expect((await post('/orders', '{"name":"a"}', 'application/cloudevents+json; charset=utf-8')).status).toBe(201);
  });

  it('checks and converts query parameters', async () => {
    expect((await call('/orders?pageSize=7')).json).toEqual({ pageSize: 7 });
    expect((await call('/orders?pageSize=x')).json).toEqual({
      code: 400,
      message: 'pageSize in query must be of type int64',
      reason: 'INVALID_REQUEST',
    });
  });

  it('tells unknown paths from wrong methods', async () => {
    expect((await call('/nowhere')).json).toEqual({
      code: 404,
      message: 'path /nowhere was not found',
      reason: 'NOT_FOUND',
    });
    const wrongMethod = await call('/orders', { method: 'DELETE' });
    expect(wrongMethod.json).toEqual({
      code: 405,
      message: 'method DELETE is not allowed, but [GET,POST] are',
      reason: 'METHOD_NOT_ALLOWED',
    });
    expect(wrongMethod.headers.get('allow')).toBe('GET, POST');
  });

  it('cleans trailing and doubled slashes and decodes a parameter once', async () => {
    expect((await call('//orders/')).json).toEqual({ pageSize: 20 });
    expect((await call('/orders/a%2Fb%252F')).json).toEqual({ name: 'a/b%2F' });
  });

  it('answers a name that is too long with 414 JSON', async () => {
    expect((await call(`/orders/${'a'.repeat(4_000)}`)).json).toEqual({
      code: 414,
      message: 'a part of the path is too long',
      reason: 'URI_TOO_LONG',
    });
  });

  it('answers an undecodable path with 400 JSON', async () => {
    expect((await call('/orders/%ZZ')).json).toMatchObject({ code: 400 });
  });

  it('lets its guard refuse a request at once, before the body is there', async () => {
    const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
    socket.write(
      'POST /orders HTTP/1.1\r\nHost: a\r\nX-Locked: 1\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n',
    );
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    expect(chunk.toString()).toMatch(/^HTTP\/1\.1 401 /);
    expect((await call('/nowhere', { headers: { 'x-locked': '1' } })).status).toBe(401);
  });

  it('answers a route from the headers alone, although a body is announced that never comes', async () => {
    const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
    socket.write('POST /orders/pass HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 900\r\n\r\n');
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    expect(chunk.toString()).toMatch(/^HTTP\/1\.1 200 /);
    expect(chunk.toString()).not.toMatch(/content-type/i);
  });

  it('keeps a well-formed request id and replaces any other', async () => {
    const given = await call('/health', { headers: { 'x-request-id': 'abc-1' } });
    expect(given.headers.get('x-request-id')).toBe('abc-1');
    const replaced = await call('/health', { headers: { 'x-request-id': 'no blanks' } });
    expect(replaced.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('is alive while a dependency is down, but not ready', async () => {
    expect((await call('/ready')).json).toEqual({ ready: true, checks: { warehouse: 'OK' } });
    control.dependency = () => Promise.reject(new Error('closed'));
    expect((await call('/ready')).json).toEqual({
      code: 503,
      message: 'not ready: warehouse: closed',
      reason: 'SERVICE_UNAVAILABLE',
    });
    expect((await call('/health')).json).toEqual({ status: 'OK' });
    control.dependency = () => Promise.resolve();
  });

  it('counts requests by route', async () => {
    await call('/orders/x');
    expect((await call('/metrics')).text).toMatch(
      /http_request_duration_seconds_count\{.*route="\/orders\/:name".*\} \d+/,
    );
  });

  it('says what its process takes, as does every other service that shares it', async () => {
    const other = await startService({ ...ordersService, name: 'invoices' }, environment);
    const [one, two] = await Promise.all([service, other].map(({ url }) => fetch(`${url}/metrics`)));
    expect(await one?.text()).toMatch(/^nodejs_eventloop_lag_p99_seconds\{service="orders"\} [\d.e-]+$/m);
    expect(await two?.text()).toMatch(/^nodejs_eventloop_lag_p99_seconds\{service="invoices"\} [\d.e-]+$/m);
    await other.close();
  });

  const documented = (document: Record<string, Record<string, unknown>>, path: string, method: string) =>
    (document['paths']?.[path] as Record<string, { responses: object }>)[method]?.responses ?? {};

  it('describes itself as OpenAPI, with the version at the very end', async () => {
    const yaml = (await call('/swagger-ui/swagger.yaml')).text;
    expect(yaml.split('version: ').at(-1)?.split('\n')[0]).toBe('0.7.3');
    const document = (await call('/swagger-ui/swagger.json')).json as Record<string, Record<string, unknown>>;
    expect(document['paths']).toHaveProperty(
      ['/orders', 'post', 'requestBody', 'content', 'application/json', 'schema', '$ref'],
      '#/components/schemas/Order',
    );
    expect(Object.keys(documented(document, '/orders', 'post'))).toEqual([
      '400',
      '401',
      '403',
      '405',
      '408',
      '409',
      '413',
      '415',
      '429',
      '431',
      '500',
      '502',
      '503',
      '504',
    ]);
    expect(Object.keys(documented(document, '/orders', 'get'))).toEqual([
      '200',
      '401',
      '403',
      '405',
      '429',
      '431',
      '500',
      '502',
      '503',
      '504',
    ]);
    const named = Object.keys(documented(document, '/orders/{name}', 'get'));
    expect(named).toEqual(expect.arrayContaining(['400', '414']));
    expect((await call('/swagger-ui/')).text).toContain('swagger-ui');
    expect((await call('/swagger-ui/swagger-ui-bundle.js')).status).toBe(200);
  });

  it('has its document at /swagger.json as well, with the place of the API as seen from there', async () => {
    const below = (await call('/swagger-ui/swagger.json')).json as { servers: { url: string }[] };
    const atTheTop = (await call('/swagger.json')).json as typeof below;
    expect(atTheTop).toEqual({ ...below, servers: [expect.objectContaining({ url: '.' })] });
    expect(below.servers[0]?.url).toBe('..');
  });

  it.each(['/docs', '/v1/docs', '/v1/docs/', '/docs?a=/b'])('leads from %s to its Swagger UI', async (path) => {
    const { status, headers } = await call(path, { redirect: 'manual' });
    const location = headers.get('location') ?? '';
    // Behind a gateway, below a prefix.
    const page = new URL(location, `http://keptn.example/keptn/api${path}`);
    expect([status, page.pathname]).toEqual([301, '/keptn/api/swagger-ui/']);
  });
});
