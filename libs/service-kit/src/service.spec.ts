import { once } from 'node:events';
import { type ClientRequest, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { Body, Controller, Get, Module, Param, Post, Query } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  ApiErrors,
  commonSettings,
  Conflict,
  currentRequestContext,
  Readiness,
  type RunningService,
  type ServiceDefinition,
  startService,
  Unauthenticated,
} from './index';

const order = z.object({ name: z.string(), amount: z.int().max(50).optional() }).meta({ id: 'Order' });
const orderQuery = z.object({
  pageSize: z.coerce.number('{field} must be of type int64').int().min(1).max(50).default(20),
});

/** Lets a test decide when a request in flight is answered. */
class Latch {
  private open: () => void = () => undefined;
  private announce: () => void = () => undefined;
  readonly opened = new Promise<void>((resolve) => (this.open = resolve));
  readonly reached = new Promise<void>((resolve) => (this.announce = resolve));

  async pass(): Promise<void> {
    this.announce();
    await this.opened;
  }

  release(): void {
    this.open();
  }
}

/** Nothing else happens in this process meanwhile. */
const blockFor = (milliseconds: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
};

/** Waits until the service accepts no connection any more. */
const untilRefused = async (url: string): Promise<void> => {
  while (
    await fetch(`${url}/health`).then(
      () => true,
      () => false,
    )
  );
};

let latch = new Latch();
let dependency: () => Promise<void> = () => Promise.resolve();

@Controller('orders')
class OrdersController {
  @Post()
  @ApiErrors({ 409: 'An order with this name exists' })
  create(@Body({ schema: order }) body: z.infer<typeof order>): unknown {
    if (body.name === 'taken') {
      throw new Conflict('order taken exists already');
    }
    return body;
  }

  @Get()
  list(@Query({ schema: orderQuery }) query: z.infer<typeof orderQuery>): unknown {
    return query;
  }

  @Post('pass')
  pass(): void {
    throw new Error('is answered before');
  }

  @Post('request-id')
  requestId(): unknown {
    return { requestId: currentRequestContext()?.requestId };
  }

  @Get('defect')
  defect(): never {
    throw new Error('secret detail of /var/lib/keptn');
  }

  @Get('slow')
  async slow(): Promise<string> {
    await latch.pass();
    return 'done';
  }

  @Get(':name')
  read(@Param('name') name: string): { name: string } {
    return { name };
  }
}

@Module({ controllers: [OrdersController] })
class OrdersModule {
  constructor(readiness: Readiness) {
    readiness.add('warehouse', () => dependency());
  }
}

const definition: ServiceDefinition = {
  name: 'orders',
  openApi: { title: 'orders', description: 'A service for these tests', tags: [] },
  settings: commonSettings,
  module: () => OrdersModule,
  answeredFromHeaders: ['/orders/pass'],
  gate: () => (request) => {
    if (request.headers['x-locked'] !== undefined) {
      throw new Unauthenticated('locked');
    }
  },
};

const environment = { HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'silent', MAX_BODY_BYTES: '1000' };

describe('a service', () => {
  let service: RunningService;

  beforeAll(async () => {
    service = await startService(definition, environment);
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
      json: { code: 409, message: 'order taken exists already' },
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
      JSON.stringify({ name: 'a'.repeat(1000) }),
      'application/json',
      413,
      /limit of 1000 bytes/,
    ],
  ])('refuses %s with JSON', async (_what, body, type, status, message) => {
    const answer = await post('/orders', body, type);
    expect(answer.json).toMatchObject({ code: status, message: expect.stringMatching(message) });
    expect(answer.status).toBe(status);
  });

  it('accepts every JSON media type', async () => {
    expect((await post('/orders', '{"name":"a"}', 'application/cloudevents+json; charset=utf-8')).status).toBe(201);
  });

  it('checks and converts query parameters', async () => {
    expect((await call('/orders?pageSize=7')).json).toEqual({ pageSize: 7 });
    expect((await call('/orders?pageSize=x')).json).toEqual({
      code: 400,
      message: 'pageSize in query must be of type int64',
    });
  });

  it('tells unknown paths from wrong methods', async () => {
    expect((await call('/nowhere')).json).toEqual({ code: 404, message: 'path /nowhere was not found' });
    const wrongMethod = await call('/orders', { method: 'DELETE' });
    expect(wrongMethod.json).toEqual({ code: 405, message: 'method DELETE is not allowed, but [GET,POST] are' });
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
    });
  });

  it('answers an undecodable path with 400 JSON', async () => {
    expect((await call('/orders/%ZZ')).json).toMatchObject({ code: 400 });
  });

  it('lets its gate refuse a request at once, before the body is there', async () => {
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
    dependency = () => Promise.reject(new Error('closed'));
    expect((await call('/ready')).json).toEqual({ code: 503, message: 'not ready: warehouse: closed' });
    expect((await call('/health')).json).toEqual({ status: 'OK' });
    dependency = () => Promise.resolve();
  });

  it('counts requests by route', async () => {
    await call('/orders/x');
    expect((await call('/metrics')).text).toMatch(
      /http_request_duration_seconds_count\{.*route="\/orders\/:name".*\} \d+/,
    );
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

describe('large bodies', () => {
  /** Announces a large body that never comes; the answer to the announcement tells that the service has seen it. */
  const announceBody = async (url: string): Promise<ClientRequest> => {
    const headers = { 'content-type': 'application/json', 'content-length': 90_000, expect: '100-continue' };
    const upload = request(`${url}/orders`, { method: 'POST', headers });
    upload.on('error', () => undefined);
    upload.flushHeaders();
    await once(upload, 'continue');
    return upload;
  };

  it('wait for others to be answered, or given up, while small ones pass', async () => {
    const service = await startService(definition, { ...environment, MAX_BODY_BYTES: '100000' });
    const uploads = [await announceBody(service.url), await announceBody(service.url)];
    const send = (name: string): Promise<Response> =>
      fetch(`${service.url}/orders/request-id`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-request-id': `request-${name.length}` },
        body: JSON.stringify({ name }),
      });
    let isAnswered = false;
    const large = send('x'.repeat(80_000)).finally(() => (isAnswered = true));
    expect((await send('tea')).status).toBe(201);
    expect(isAnswered).toBe(false);
    uploads[0]?.destroy();
    expect(await (await large).json()).toEqual({ requestId: 'request-80000' });
    uploads[1]?.destroy();
    await service.close();
  });

  /** Sends a request to /orders/slow, with whatever follows it in one piece, and waits until it is there. */
  const sendSlow = async (url: string, request: string): Promise<{ socket: Socket; release: () => void }> => {
    const mine = new Latch();
    latch = mine;
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write(`GET /orders/slow HTTP/1.1\r\nHost: a\r\n${request}`);
    await mine.reached;
    return {
      socket,
      release: () => {
        mine.release();
      },
    };
  };

  it.each([
    [
      'are given up with a connection on which an earlier answer is still due',
      '\r\nPOST /orders HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 90000\r\n\r\n',
      ({ socket }: { socket: Socket }) => socket.destroy(),
    ],
    ['take no room where nobody reads them', 'Content-Length: 90000\r\n\r\n', () => undefined],
  ])('%s', async (_, request, then) => {
    const service = await startService(definition, { ...environment, MAX_BODY_BYTES: '100000' });
    const slow = [await sendSlow(service.url, request), await sendSlow(service.url, request)];
    slow.forEach(then);
    const body = JSON.stringify({ name: 'x'.repeat(80_000) });
    const headers = { 'content-type': 'application/json' };
    expect((await fetch(`${service.url}/orders`, { method: 'POST', headers, body })).status).toBe(201);
    slow.forEach(({ socket, release }) => {
      release();
      socket.destroy();
    });
    await service.close();
  });
});

describe('a service that is told to stop', () => {
  it('finishes the request in flight and accepts no other', async () => {
    latch = new Latch();
    const service = await startService(definition, environment);
    const inFlight = fetch(`${service.url}/orders/slow`);
    await latch.reached;
    const closed = service.close();
    await expect(fetch(`${service.url}/health`)).rejects.toThrow();
    latch.release();
    expect(await (await inFlight).text()).toBe('done');
    await closed;
  });

  it('goes on answering for the shutdown delay, says that it is not ready, and lets connections go', async () => {
    const service = await startService(definition, { ...environment, SHUTDOWN_DELAY_MS: '1000' });
    const closed = service.close();
    const answer = await fetch(`${service.url}/orders`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('connection')).toBe('close');
    expect((await fetch(`${service.url}/ready`)).status).toBe(503);
    await closed;
    await expect(fetch(`${service.url}/orders`)).rejects.toThrow();
  });

  it('answers what arrived on an idle connection before the shutdown delay ended, however busy the process was', async () => {
    const service = await startService(definition, { ...environment, SHUTDOWN_DELAY_MS: '200' });
    const client = connect(Number(new URL(service.url).port), '127.0.0.1');
    client.write('GET /orders HTTP/1.1\r\nHost: keptn\r\n\r\n');
    await once(client, 'data');
    const closed = service.close();
    client.write('GET /health HTTP/1.1\r\nHost: keptn\r\n\r\n');
    blockFor(400);
    const answer = String(await once(client, 'data'));
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer).toMatch(/^connection: close\r$/im);
    await closed;
  });

  it('answers on a connection that was opened during the shutdown delay and asks after it', async () => {
    const service = await startService(definition, { ...environment, SHUTDOWN_DELAY_MS: '300' });
    const closed = service.close();
    const client = connect(Number(new URL(service.url).port), '127.0.0.1');
    await once(client, 'connect');
    await untilRefused(service.url);
    client.write('GET /orders HTTP/1.1\r\nHost: keptn\r\n\r\n');
    expect(String(await once(client, 'data'))).toMatch(/^HTTP\/1\.1 200 [\s\S]*connection: close\r\n/i);
    await closed;
  });

  it('cuts off a request that outlasts the shutdown timeout', async () => {
    latch = new Latch();
    const service = await startService(definition, { ...environment, SHUTDOWN_TIMEOUT_MS: '50' });
    const inFlight = fetch(`${service.url}/orders/slow`).then(
      () => 'answered',
      () => 'cut off',
    );
    await latch.reached;
    await service.close();
    expect(await inFlight).toBe('cut off');
    latch.release();
  });
});

describe('a service that cannot start', () => {
  it.each([
    [{ PORT: 'abc' }, 'PORT must be a port number from 0 to 65535, but is "abc"'],
    [{ PORT: '70000' }, 'PORT must be a port number from 0 to 65535, but is "70000"'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be fatal, error, warn, info, debug, trace or silent, but is "loud"'],
  ])('names the variable and what it must be: %j', async (wrong, message) => {
    await expect(startService(definition, { ...environment, ...wrong })).rejects.toThrow(message);
  });

  it('reports a taken port', async () => {
    const first = await startService(definition, environment);
    await expect(startService(definition, { ...environment, PORT: new URL(first.url).port })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
    await first.close();
  });
});
