import { type RunningService } from '@keptn/service-kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApiService, TOKEN } from './started-api-service';

/** Everything is wrong with this request; each step puts one thing right, in the order in which they are looked at. */
const ALL_WRONG = {
  token: 'wrong',
  path: '/v1/nowhere',
  mediaType: 'text/plain',
  body: '{"name":',
};

const NOT_A_PROJECT = '{"name":"../x","shipyard":""}';

let service: RunningService;
beforeAll(async () => {
  service = await startApiService({ MAX_BODY_BYTES: '100' });
});
afterAll(() => service.close());

const answer = async (method: string, path: string, headers: Record<string, string>, body?: string) => {
  const response = await fetch(service.url + path, { method, headers, ...(body !== undefined && { body }) });
  const { code, message } = (await response.json()) as { code: number; message: string };
  expect(code).toBe(response.status);
  return `${code} ${message}`;
};

/** The token comes first, before the route, where the original had them the other way round: strangers learn no paths. */
describe('what is wrong with a request (contract 2)', () => {
  const post = (right: Partial<typeof ALL_WRONG>) => {
    const { token, path, mediaType, body } = { ...ALL_WRONG, ...right };
    return answer('POST', path, { 'x-token': token, 'content-type': mediaType, accept: 'image/png' }, body);
  };

  const token = TOKEN;
  const path = '/v1/project';
  const mediaType = 'application/json';

  it.each([
    ['the token', {}, /^401 incorrect api key auth$/],
    ['the path', { token }, /^404 path \/v1\/nowhere was not found$/],
    ['the path, although the body is not JSON', { token, mediaType }, /^404 /],
    ['the path, although the body is too large', { token, mediaType, body: 'x'.repeat(70_000) }, /^404 /],
    ['the method', { token, path: '/v1/metadata', mediaType }, /^405 method POST is not allowed, but \[GET\] are$/],
    [
      'the media type',
      { token, path },
      /^415 unsupported media type "text\/plain", only \[application\/json application\/cloudevents\+json\] are allowed$/,
    ],
    ['the size', { token, path, mediaType, body: `{${' '.repeat(70_000)}` }, /^413 /],
    ['the form of the body', { token, path, mediaType }, /^400 the body is not valid JSON: (?!not valid)/],
    ['its fields', { token, path, mediaType, body: NOT_A_PROJECT }, /^400 project name is not valid/],
  ])('is said first of %s', async (_what, right, said) => {
    expect(await post(right)).toMatch(said);
  });

  it('is said of Accept before it is said of parameters', async () => {
    const read = (accept: string) => answer('GET', '/v1/event', { 'x-token': TOKEN, accept });
    expect(await read('image/png')).toBe('406 unsupported media type requested, only [application/json] are available');
    expect(await read('application/json')).toBe('400 keptnContext in query is required');
    expect(await answer('DELETE', '/v1/project/-x', { 'x-token': TOKEN, accept: 'image/png' })).toMatch(/^406 /);
  });
});

describe('the media type (contract 3.0)', () => {
  it('of a body that has none is said to be unknown', async () => {
    const body = new Blob(['{}']);
    const response = await fetch(`${service.url}/v1/project`, { method: 'POST', headers: { 'x-token': TOKEN }, body });
    expect(await response.json()).toEqual({
      code: 415,
      message:
        'unsupported media type "application/octet-stream", only [application/json application/cloudevents+json] are allowed',
      reason: 'UNSUPPORTED_MEDIA_TYPE',
    });
  });

  it.each(['application/json', 'text/plain', 'nonsense'])('%s says nothing where there is no body', async (type) => {
    const headers = { 'x-token': TOKEN, 'content-type': type };
    expect(await answer('DELETE', '/v1/project/-x', headers)).toMatch(/^400 project name/);
    expect((await fetch(`${service.url}/v1/metadata`, { headers })).status).toBe(200);
    expect((await fetch(`${service.url}/v1/auth`, { method: 'POST', headers })).status).toBe(200);
  });

  it('and Accept do not matter for the token check', async () => {
    const headers = { 'x-token': TOKEN, 'content-type': 'text/plain', accept: 'image/png' };
    const response = await fetch(`${service.url}/v1/auth`, { method: 'POST', headers, body: 'x' });
    expect([response.status, await response.text()]).toEqual([200, '']);
  });

  it('of a deletion with a body is looked at', async () => {
    expect(await answer('DELETE', '/v1/project/-x', { 'x-token': TOKEN, 'content-type': 'text/plain' }, 'x')).toMatch(
      /^415 /,
    );
  });
});

describe('Accept (contract 3.0)', () => {
  const metadata = async (accept: string) =>
    (await fetch(`${service.url}/v1/metadata`, { headers: { 'x-token': TOKEN, accept } })).status;

  it.each([
    ['of go-openapi', 'application/json'],
    ['of the Bridge', 'application/json, text/plain, */*'],
    ['of a browser', 'text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8'],
    ['with a charset', 'application/json;charset=utf-8'],
    ['with a wildcard', 'application/*'],
  ])('%s gets JSON', async (_whose, accept) => {
    expect(await metadata(accept)).toBe(200);
  });

  it.each(['application/xml', 'application/json;q=0, text/*', 'nonsense'])('%s gets 406', async (accept) => {
    expect(await metadata(accept)).toBe(406);
  });

  it('does not matter for requests with a body, nor for pages that are no operations', async () => {
    const headers = { 'x-token': TOKEN, 'content-type': 'application/json', accept: 'image/png' };
    expect(await answer('POST', '/v1/project', headers, NOT_A_PROJECT)).toMatch(/^400 project name/);
    for (const path of ['/health', '/metrics', '/swagger-ui/swagger.yaml']) {
      expect((await fetch(service.url + path, { headers: { 'x-token': TOKEN, accept: 'image/png' } })).status).toBe(
        200,
      );
    }
  });
});
