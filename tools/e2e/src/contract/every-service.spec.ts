import { beforeAll, describe, expect, it } from 'vitest';
import { type ReachableSystem } from '../running-system';
import { sharedSystem } from '../shared-system';

let system: ReachableSystem;
let token: string;

beforeAll(async () => {
  system = await sharedSystem();
  token = await system.token();
  const shipyard = Buffer.from('stages: [{name: dev}]').toString('base64');
  await system.call('POST', '/v1/project', { name: 'every-shop', shipyard });
});

/** A body that is sent as it stands; without a media type unless one is given. */
const post = async (path: string, body: string, mediaType?: string) => {
  const response = await fetch(system.endpoint + path, {
    method: 'POST',
    headers: { 'x-token': token, ...(mediaType !== undefined && { 'content-type': mediaType }) },
    body: new Blob([body]),
  });
  return { status: response.status, json: await response.json() };
};

const read = (path: string) => system.call('GET', path);

/** Where each service takes a body, and an object that it refuses as incomplete. */
const BODIES: readonly (readonly [service: string, path: string, missing: string, reason: string])[] = [
  ['api-service', '/v1/project', 'name in body is required', 'INVALID_REQUEST'],
  ['configuration-service', '/configuration-service/v1/project', 'projectName in body is required', 'INVALID_REQUEST'],
  ['mongodb-datastore', '/mongodb-datastore/event', 'type in body is required', 'INVALID_EVENT'],
];

describe('bodies for each service (contract 3.0)', () => {
  it.each(BODIES)(
    '%s reads JSON and CloudEvents, with parameters of the media type',
    async (_service, path, message, reason) => {
      for (const type of ['application/json', 'application/json; charset=utf-8', 'application/cloudevents+json']) {
        expect(await post(path, '{"unknown":{"field":1}}', type)).toEqual({
          status: 400,
          json: { code: 400, message, reason },
        });
      }
    },
  );

  it.each(BODIES)('%s reads nothing else', async (service, path) => {
    const alsoRead = service === 'mongodb-datastore' ? ' application/cloudevents-batch+json application/x-ndjson' : '';
    for (const type of [undefined, 'text/yaml', 'nonsense']) {
      expect(await post(path, '{}', type)).toEqual({
        status: 415,
        json: {
          code: 415,
          message: `unsupported media type "${type ?? 'application/octet-stream'}", only [application/json application/cloudevents+json${alsoRead}] are allowed`,
          reason: 'UNSUPPORTED_MEDIA_TYPE',
        },
      });
    }
  });

  it.each(BODIES)('%s says why a body is not JSON', async (_service, path) => {
    expect(await post(path, '{"a":', 'application/json')).toMatchObject({
      status: 400,
      json: { code: 400, message: expect.stringMatching(/JSON/), reason: 'INVALID_JSON' },
    });
  });
});

describe('paths of each service (contract 3.0)', () => {
  it.each([
    ['/v1/metadata/', '//v1//metadata'],
    ['/configuration-service/v1/project/', '//configuration-service//v1//project'],
    ['/mongodb-datastore/event/', '/mongodb-datastore//event//'],
  ])('may end with a slash or have two: %s, %s', async (...paths) => {
    for (const path of paths) {
      expect((await read(path)).status).toBe(200);
    }
  });

  it.each([
    ['PUT', '/v1/event', ['GET', 'POST']],
    ['GET', '/configuration-service/v1/event', ['POST']],
    ['DELETE', '/mongodb-datastore/event', ['GET', 'POST']],
  ])('that exist are told from others: %s %s', async (method, path, allowed) => {
    const wrong = await system.call(method, path);
    expect(wrong.json).toEqual({
      code: 405,
      message: `method ${method} is not allowed, but [${allowed.join(',')}] are`,
      reason: 'METHOD_NOT_ALLOWED',
    });
    expect(wrong.headers.get('allow')).toBe(allowed.join(', '));
    expect(await read(`${path}/no/such/path`)).toMatchObject({ status: 404, json: { code: 404 } });
  });

  it('are decoded once, and a plus is a plus', async () => {
    const path = '/configuration-service/v1/project/every-shop/resource';
    const resourceContent = Buffer.from('a').toString('base64');
    await system.call('POST', path, { resources: [{ resourceURI: 'a+b c.yaml', resourceContent }] });
    for (const name of ['a+b%20c.yaml', 'a%2Bb%20c.yaml']) {
      expect(await read(`${path}/${name}`)).toMatchObject({ status: 200, json: { resourceContent } });
    }
    expect((await read(`${path}/a%20b%20c.yaml`)).status).toBe(404);
    expect((await read(`${path}/a%252Bb%20c.yaml`)).status).toBe(404);
  });
});

describe('queries (contract 3.0)', () => {
  it.each([
    ['/configuration-service/v1/project?pageSize=51', 'pageSize in query should be less than or equal to 50'],
    ['/configuration-service/v1/project?pageSize=0', 'pageSize in query should be greater than or equal to 1'],
    ['/configuration-service/v1/project?pageSize=abc', 'pageSize in query must be of type int64: "abc"'],
    ['/mongodb-datastore/event?pageSize=101', 'pageSize in query should be less than or equal to 100'],
    ['/mongodb-datastore/event?pageSize=abc', 'pageSize in query must be of type int64: "abc"'],
    ['/v1/event?type=t', 'keptnContext in query is required'],
    ['/v1/event?keptnContext=c&type=', 'type in query is required'],
  ])('of %s are refused with the reason', async (path, message) => {
    expect(await read(path)).toMatchObject({ status: 400, json: { code: 400, message, reason: 'INVALID_REQUEST' } });
  });

  it('are texts, whatever they hold', async () => {
    const message = 'No b&d event found for Keptn context: a&type=c';
    expect((await read('/v1/event?keptnContext=a%26type%3Dc&type=b%26d')).json).toEqual({
      code: 404,
      message,
      reason: 'EVENT_NOT_FOUND',
    });
  });

  describe('that are true or false', () => {
    const count = async (root: string): Promise<unknown> => {
      const { json } = await read(`/mongodb-datastore/event?keptnContext=flags&root=${root}`);
      return (json as { totalCount: number }).totalCount;
    };

    beforeAll(async () => {
      for (const n of [1, 2]) {
        const event = { type: 't', source: 's', shkeptncontext: 'flags', data: { project: 'every-shop', n } };
        expect((await system.call('POST', '/mongodb-datastore/event', event)).status).toBe(201);
      }
    });

    it.each(['true', '1', 'yes', 'ok', 'y', 'on', 'selected', 'checked', 't', 'enabled', 'TRUE'])(
      'say %s for true',
      async (text) => {
        expect(await count(text)).toBe(1);
      },
    );

    it.each(['false', '0', 'no', 'anything'])('say %s for false, and that is no error', async (text) => {
      expect(await count(text)).toBe(2);
    });
  });
});
