import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { SERVICES } from '@keptn/service-catalog';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type LaunchedSystem, newLaunch, removeData, startSystem } from '../running-system';

const MISSING = { code: 401, message: 'unauthenticated for invalid credentials', reason: 'UNAUTHENTICATED' };
const WRONG = { code: 401, message: 'incorrect api key auth', reason: 'UNAUTHENTICATED' };

/** What the Bridge was asked. */
const asked: { url: string | undefined; headers: IncomingHttpHeaders }[] = [];

/** Stands where the Bridge would be, which is no part of this system. */
const bridge = createServer(({ url, headers }, response) => {
  asked.push({ url, headers });
  response.setHeader('content-type', 'text/html').end('the Bridge');
});

let system: LaunchedSystem;
let token: string;

beforeAll(async () => {
  await once(bridge.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(bridge.address() as AddressInfo).port}`;
  system = await startSystem(await newLaunch({ BRIDGE_URL: url }));
  token = await system.token();
});

afterAll(async () => {
  await system.interrupt();
  bridge.closeAllConnections();
  bridge.close();
  await removeData(system.launch);
});

const PROGRAMS = SERVICES.map(({ name }) => name);

const portOf = (program: string): number =>
  system.launch.firstPort + (SERVICES.find(({ name }) => name === program)?.portOffset ?? 0);

interface Options {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A request without a token, unless its headers have one. */
const ask = async (program: string, path: string, options: Options = {}): Promise<Answer> => {
  const response = await fetch(`http://127.0.0.1:${portOf(program)}${path}`, { redirect: 'manual', ...options });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined };
};

/** The first thing that comes back for a request that may never be whole. */
const firstAnswerTo = async (...head: string[]): Promise<string> => {
  const socket = connect(system.launch.firstPort, '127.0.0.1');
  socket.write(`${[...head, 'Host: keptn', `X-Token: ${token}`].join('\r\n')}\r\n\r\n`);
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return chunk.toString();
};

describe('the gateway (contract 1.2)', () => {
  it.each([
    ['/', '/bridge/'],
    ['/bridge', '/bridge/'],
    ['/api', '/api/swagger-ui/'],
    ['/api/', '/api/swagger-ui/'],
    ['/project/shop/dev?view=1', '/bridge/project/shop/dev?view=1'],
    ['/trace/a%2Fb', '/bridge/trace/a%2Fb'],
  ])('leads from %s to %s, without a token', async (path, location) => {
    const { status, headers } = await ask('api-gateway', path);
    expect([status, headers.get('location')]).toEqual([301, location]);
  });

  it.each([
    ['/api/v1/metadata', 200],
    ['/api/v1/auth', 200],
    ['/api/v1/auth/anything?a=b', 200],
    ['/api/v1/authfoo/bar', 404],
    ['/api/swagger-ui', 301, 'for everybody'],
    ['/api/swagger-ui/', 200, 'for everybody'],
    ['/api/swagger-ui/swagger.yaml', 200, 'for everybody'],
    ['/api/configuration-service', 404],
    ['/api/configuration-service/v1/project', 200],
    ['/api/configuration-service/v1/event', 405],
    ['/api/configuration-service/swagger-ui/swagger.yaml', 200, 'for everybody'],
    ['/api/configuration-servicex/v1/project', 404],
    ['/api/mongodb-datastore/event', 200],
    ['/api/mongodb-datastore/v1/event', 404],
    ['/api/mongodb-datastore/swagger-ui/swagger.yaml', 200, 'for everybody'],
    ['/api/mongodb-datastoreX', 404],
    ['/api/websocket', 426, 'for everybody'],
    ['/bridge/', 200, 'for everybody'],
    ['/nginx-health', 200, 'for everybody'],
    ['/apifoo', 404],
    ['/elsewhere', 404],
  ])('answers %s with %d to those who have the token', async (path, status, audience = 'with the token') => {
    expect((await ask('api-gateway', path, { headers: { 'x-token': token } })).status).toBe(status);
    const stranger = await ask('api-gateway', path);
    if (audience === 'for everybody') {
      expect(stranger.status).toBe(status);
    } else {
      expect([stranger.status, stranger.json]).toEqual([401, MISSING]);
    }
  });

  it.each([
    ['/api/a/b', '/a/b'],
    ['/api/configuration-service/a/b', '/a/b'],
    ['/api/mongodb-datastore/a/b', '/a/b'],
    ['/elsewhere', '/elsewhere'],
  ])('has %s looked up as %s', async (path, seen) => {
    const { json } = await ask('api-gateway', path, { headers: { 'x-token': token } });
    expect(json).toEqual({ code: 404, message: `path ${seen} was not found`, reason: 'NOT_FOUND' });
  });

  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])(
    'checks the token for %s, without an answer of words',
    async (method) => {
      const { status, headers, text } = await ask('api-gateway', '/api/v1/auth', {
        method,
        headers: { 'x-token': token },
      });
      expect([status, headers.get('content-type'), text]).toEqual([200, null, '']);
    },
  );

  it('does not wait for a body that the token check has no use for', async () => {
    const answer = await firstAnswerTo('POST /api/v1/auth HTTP/1.1', 'Content-Type: image/png', 'Content-Length: 900');
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  });

  it.each(['/api/v1/event', '/api/configuration-service/v1/project', '/api/mongodb-datastore/event'])(
    'leaves it to the service to refuse a media type: POST %s',
    async (path) => {
      const headers = { 'x-token': token, 'content-type': 'text/yaml' };
      expect(await ask('api-gateway', path, { method: 'POST', headers, body: 'a: 1' })).toMatchObject({
        status: 415,
        json: { code: 415, message: expect.stringContaining('"text/yaml"'), reason: 'UNSUPPORTED_MEDIA_TYPE' },
      });
    },
  );

  it('asks the Bridge below /bridge, and says for whom', async () => {
    const headers = { 'x-forwarded-for': '192.0.2.7', token: 'a ticket', 'keptn-ws-channel-id': 'a channel' };
    expect((await ask('api-gateway', '/bridge/api/bridgeInfo?a=b', { headers })).text).toBe('the Bridge');
    expect(asked.at(-1)).toMatchObject({
      url: '/api/bridgeInfo?a=b',
      headers: {
        ...headers,
        'x-forwarded-for': '192.0.2.7, 127.0.0.1',
        'x-real-ip': '127.0.0.1',
        'x-forwarded-proto': 'http',
      },
    });
  });

  it('tells pages of other origins nothing', async () => {
    for (const path of ['/api/v1/metadata', '/api/swagger-ui/swagger.yaml', '/bridge/']) {
      const { headers } = await ask('api-gateway', path, { headers: { origin: 'http://a.example', 'x-token': token } });
      expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
    }
  });

  it('refuses bodies that are too long before they come', async () => {
    expect(await firstAnswerTo('POST /api/v1/event HTTP/1.1', 'Content-Length: 20000000')).toMatch(
      /^HTTP\/1\.1 413 [^]*"message":"the request body is larger than the limit of 10485760 bytes/,
    );
  });

  it('passes an encoded slash on as it is', async () => {
    const shipyard = Buffer.from('stages: [{name: dev}]').toString('base64');
    await system.call('POST', '/v1/project', { name: 'nested', shipyard });
    const resources = '/configuration-service/v1/project/nested/resource';
    // Larger than what the original took.
    const resourceContent = Buffer.alloc(2 * 1024 * 1024, 'x').toString('base64');
    await system.call('POST', resources, { resources: [{ resourceURI: 'helm/a.yaml', resourceContent }] });
    // Some clients encode twice.
    for (const path of ['helm%2Fa.yaml', 'helm/a.yaml', 'helm%252Fa.yaml']) {
      expect((await system.call('GET', `${resources}/${path}`)).json).toMatchObject({ resourceContent });
    }
  });
});

/** Those that Keptn 0.7 has. */
const ORIGINAL_SERVICES = ['api-service', 'configuration-service', 'mongodb-datastore'];

describe('each service (contract 1.3)', () => {
  it.each(ORIGINAL_SERVICES)('%s shows its API to everybody, in the places of the original', async (service) => {
    expect((await ask(service, '/swagger-ui/')).headers.get('content-type')).toMatch(/^text\/html/);
    const yaml = (await ask(service, '/swagger-ui/swagger.yaml')).text;
    expect(yaml.slice(yaml.lastIndexOf('version: ')).split('\n', 1)[0]).toBe('version: 0.7.3');
    expect((await ask(service, '/swagger.json')).json).toMatchObject({
      info: { version: '0.7.3' },
      components: { securitySchemes: { 'x-token': { type: 'apiKey', in: 'header', name: 'x-token' } } },
    });
    const docs = service === 'mongodb-datastore' ? '/docs' : '/v1/docs';
    expect((await ask(service, docs)).status).toBe(301);
  });

  it.each(PROGRAMS)('%s says that it is well', async (program) => {
    expect(await ask(program, '/health')).toMatchObject({ status: 200, json: { status: 'OK' } });
  });
});

describe('the token (contract 2)', () => {
  const PROTECTED: readonly (readonly [program: string, path: string])[] = [
    ['api-gateway', '/api/v1/metadata'],
    ['api-service', '/v1/metadata'],
    ['configuration-service', '/v1/project'],
    ['mongodb-datastore', '/event'],
  ];

  it.each(PROTECTED)('is asked for by %s itself', async (program, path) => {
    const answerTo = async (headers: Record<string, string>, query = '') => {
      const { status, json } = await ask(program, path + query, { headers });
      return status === 200 ? status : json;
    };
    expect(await answerTo({})).toEqual(MISSING);
    expect(await answerTo({ 'x-token': '' })).toEqual(MISSING);
    expect(await answerTo({ 'x-token': `${token}x` })).toEqual(WRONG);
    expect(await answerTo({ token, cookie: `x-token=${token}` }, `?x-token=${token}`)).toEqual(MISSING);
    expect(await answerTo({ 'X-TOKEN': token })).toBe(200);
    // For those who can set no other header.
    expect(await answerTo({ authorization: `Bearer ${token}` })).toBe(200);
  });

  it('is checked by POST at api-service, and by any method at the gateway', async () => {
    const direct = await ask('api-service', '/v1/auth', { headers: { 'x-token': token } });
    expect(direct.json).toEqual({
      code: 405,
      message: 'method GET is not allowed, but [POST] are',
      reason: 'METHOD_NOT_ALLOWED',
    });
    expect(direct.headers.get('allow')).toBe('POST');
    expect((await ask('api-gateway', '/api/v1/auth', { headers: { 'x-token': token } })).status).toBe(200);
  });
});

describe('Accept (contract 3.0)', () => {
  it.each([
    ['/api/v1/metadata', 406],
    ['/api/mongodb-datastore/event', 406],
    ['/api/configuration-service/v1/project', 200],
  ])('image/png for %s is answered with %d, as the original did', async (path, status) => {
    const answer = await ask('api-gateway', path, { headers: { 'x-token': token, accept: 'image/png' } });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  });
});
