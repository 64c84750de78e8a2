import { type RunningService } from '@keptn/service-kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApiService, TOKEN } from './started-api-service';

interface Call {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

let service: RunningService;
beforeAll(async () => {
  service = await startApiService({ MAX_BODY_BYTES: '1000' });
});
afterAll(() => service.close());

const send = async (method: string, path: string, { headers = {}, body }: Call = {}) => {
  const response = await fetch(service.url + path, {
    method,
    headers: { 'x-token': TOKEN, ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body }),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
};

const failure = async (method: string, path: string, call?: Call) => {
  const { status, text } = await send(method, path, call);
  const { code, message } = JSON.parse(text) as { code: number; message: string };
  expect(code).toBe(status);
  return [status, message];
};

describe('authentication (contract 2)', () => {
  it('answers POST /v1/auth with 200, without body or Content-Type', async () => {
    const { status, headers, text } = await send('POST', '/v1/auth');
    expect([status, headers.get('content-type'), text]).toEqual([200, null, '']);
  });

  it('answers from the headers, whatever body they announce', async () => {
    expect((await send('POST', '/v1/auth', { body: 'x', headers: { 'content-type': 'image/png' } })).status).toBe(200);
  });

  it.each([
    ['', 'unauthenticated for invalid credentials'],
    ['wrong', 'incorrect api key auth'],
  ])('answers the token %j with 401', async (token, message) => {
    for (const path of ['/v1/auth', '/v1/metadata', '/v1/nowhere']) {
      expect(await failure('POST', path, { headers: { 'x-token': token } })).toEqual([401, message]);
    }
  });

  it('says of an unknown path that it was not found, and of a known one which methods it has', async () => {
    expect(await failure('GET', '/v1/x')).toEqual([404, 'path /v1/x was not found']);
    expect(await failure('GET', '/v1/auth')).toEqual([405, 'method GET is not allowed, but [POST] are']);
    expect((await send('GET', '/v1/auth')).headers.get('allow')).toBe('POST');
    expect(await failure('PUT', '/v1/event')).toEqual([405, 'method PUT is not allowed, but [GET,POST] are']);
  });
});

describe('the state of the system', () => {
  it('is answered when all other services are away', async () => {
    const { status, text } = await send('GET', '/v1/system');
    expect(status).toBe(200);
    const { services, ...rest } = JSON.parse(text) as { services: { name: string; state: string }[] };
    const unreachable = services.filter(({ state }) => state === 'unreachable').map(({ name }) => name);
    expect(unreachable).toEqual(expect.arrayContaining(['event-broker', 'mongodb-datastore']));
    expect(unreachable).not.toContain('api-service');
    expect(rest).toEqual({ keptnVersion: '0.7.3', readAt: expect.any(String) });
  });
});

describe('event types', () => {
  it('are those that can be sent, each with a schema that its example fits', async () => {
    const { eventTypes } = JSON.parse((await send('GET', '/v1/event-type')).text) as {
      eventTypes: { type: string; dataSchema: { properties: object }; exampleData: object }[];
    };
    const types = eventTypes.map(({ type }) => type);
    expect(types).toContain('sh.keptn.event.configuration.change');
    expect(types).not.toContain('sh.keptn.internal.event.project.create');
    for (const { dataSchema, exampleData } of eventTypes) {
      expect(Object.keys(dataSchema.properties)).toEqual(expect.arrayContaining(Object.keys(exampleData)));
    }
  });
});

describe('every route (contract 3.0)', () => {
  it('accepts trailing and doubled slashes', async () => {
    for (const path of ['/v1/metadata/', '//v1//metadata']) {
      expect((await send('GET', path)).status).toBe(200);
    }
  });

  it.each([
    ['a body that is not JSON', { body: '{"name":' }, 400, /^the body is not valid JSON: /],
    ['no body', {}, 400, /^a JSON body is required$/],
    ['another media type', { body: 'a: 1', headers: { 'content-type': 'text/yaml' } }, 415, /^unsupported media type/],
    ['a body over the limit', { body: JSON.stringify({ name: 'x'.repeat(70_000) }) }, 413, /limit of 1000 bytes/],
    ['a field that is missing', { body: '{"name":"shop"}' }, 400, /^shipyard in body is required$/],
    ['a field that is null', { body: '{"name":null,"shipyard":""}' }, 400, /^name in body is required$/],
    ['a name that is none', { body: '{"name":"../x","shipyard":""}' }, 400, /^project name is not valid/],
    ['content that is not base64', { body: '{"name":"shop","shipyard":"?"}' }, 400, /not valid base64/],
  ])('refuses %s with the reason', async (_what, call, status, message) => {
    expect(await failure('POST', '/v1/project', call)).toEqual([status, expect.stringMatching(message)]);
  });

  it.each([
    [
      '/v1/project',
      '{"name":"n1","shipyard":"c3RhZ2VzOgo=","gitUser":null,"gitToken":null,"gitPrivateKey":null,"gitRemoteURL":null}',
    ],
    ['/v1/project/shop/service', '{"serviceName":"s2","helmChart":null,"deploymentStrategies":null}'],
    ['/v1/project/shop/service', '{"serviceName":"s2","deploymentStrategies":{"*":"direct","dev":null}}'],
    [
      '/v1/project/shop/stage/dev/service/carts/evaluation',
      '{"start":null,"end":null,"timeframe":"5m","labels":{"build":null}}',
    ],
    ['/v1/event', '{"type":"t","source":"s","data":{},"id":null,"time":null,"shkeptncontext":null,"triggeredid":null}'],
  ])('takes null in an optional field for left out: POST %s %s', async (path, body) => {
    // The request is passed on, to a service that is nowhere.
    expect(await failure('POST', path, { body })).toEqual([503, expect.stringContaining('cannot be reached')]);
  });

  it.each(['0.2', '0.3', '1.0'])('takes an event in binary mode, version %s', async (version) => {
    const headers = { 'ce-specversion': version, 'ce-type': 't', 'ce-source': 's' };
    expect((await failure('POST', '/v1/event', { body: '{"project":"shop"}', headers }))[0]).toBe(503);
    const refused = await failure('POST', '/v1/event', { body: '[]', headers });
    expect(refused).toEqual([400, 'data in body must be of type object']);
  });

  it('refuses an Idempotency-Key that is too long', async () => {
    const call = { body: '{"type":"t","source":"s","data":{}}', headers: { 'idempotency-key': 'k'.repeat(256) } };
    expect(await failure('POST', '/v1/event', call)).toEqual([
      400,
      'Idempotency-Key in header must have 1 to 255 characters',
    ]);
  });

  it('takes application/cloudevents+json and parameters of the media type', async () => {
    for (const type of ['application/json; charset=utf-8', 'application/cloudevents+json']) {
      const call = { body: '{}', headers: { 'content-type': type } };
      expect(await failure('POST', '/v1/event', call)).toEqual([400, 'data in body is required']);
    }
  });

  it('tells nothing of the service when another one is away', async () => {
    const body = JSON.stringify({ data: {}, source: 's', type: 't' });
    expect(await failure('POST', '/v1/event', { body })).toEqual([
      503,
      'mongodb-datastore cannot be reached; try again in a moment',
    ]);
  });
});

describe('single routes', () => {
  it('GET /v1/metadata tells version and namespace (contract 3.8)', async () => {
    expect(JSON.parse((await send('GET', '/v1/metadata')).text)).toEqual({
      keptnlabel: 'keptn',
      keptnversion: '0.7.3',
      namespace: 'keptn',
    });
  });

  it.each([
    ['', 'keptnContext in query is required'],
    ['?keptnContext=&type=x', 'keptnContext in query is required'],
    ['?keptnContext=x', 'type in query is required'],
  ])('GET /v1/event%s says what is missing (contract 3.2)', async (query, message) => {
    expect(await failure('GET', `/v1/event${query}`)).toEqual([400, message]);
  });

  it.each([
    ['{}', 'serviceName in body is required'],
    [
      '{"serviceName":"carts","deploymentStrategies":{"*":"canary"}}',
      'The deployment strategy canary is invalid: use direct or duplicate',
    ],
  ])('POST /v1/project/{projectName}/service refuses %s (contract 3.5)', async (body, message) => {
    expect(await failure('POST', '/v1/project/shop/service', { body })).toEqual([400, message]);
  });

  it('POST /v1/project refuses a dryRun that is neither true nor false', async () => {
    const call = { body: '{"name":"shop","shipyard":""}' };
    expect(await failure('POST', '/v1/project?dryRun=maybe', call)).toEqual([
      400,
      'dryRun in query must be true or false',
    ]);
  });

  it('serves its document with the version at the end, where the Bridge reads it (contract 1.3)', async () => {
    const { text } = await send('GET', '/swagger-ui/swagger.yaml', { headers: { 'x-token': '' } });
    expect(text.slice(text.lastIndexOf('version: ')).split('\n')[0]).toBe('version: 0.7.3');
  });
});
