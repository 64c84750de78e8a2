import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runInRequestContext } from '../logging/request-context';
import { ServiceClient } from './service-client';

describe('a client of another service', () => {
  let answer: RequestListener = (_request, response) => response.end('{}');
  let received: IncomingMessage | undefined;
  let client: ServiceClient;
  const server = createServer((request, response) => {
    received = request;
    answer(request, response);
  });

  beforeAll(async () => {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/base/`;
    client = new ServiceClient({ name: 'orders', url, token: 'secret', timeoutMs: 300 });
  });

  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await client.close();
  });

  const get = () => client.request({ method: 'GET', path: ['v1', 'order'] });

  it('encodes each part of the path and of the query', async () => {
    answer = (_request, response) => response.end('{"a":1}');
    const query = { b: 'c&d\ud800', absent: undefined };
    expect(await client.request({ method: 'GET', path: ['v1', 'a/../b\ud800'], query })).toEqual({ a: 1 });
    expect(received?.url).toBe('/base/v1/a%2F..%2Fb%EF%BF%BD?b=c%26d%EF%BF%BD');
    expect(received?.headers).toMatchObject({ 'x-token': 'secret', accept: 'application/json' });
  });

  it.each([
    ['a3e5f16d-8888-4720-82c7-6995062905c1', 'a3e5f16d-8888-4720-82c7-6995062905c1'],
    ['Ā', undefined],
    ['one\r\nx-token: another', undefined],
    ['', undefined],
  ])('passes the Keptn context %j on as far as a header can hold it', async (keptnContext, header) => {
    answer = (_request, response) => response.end('{}');
    expect(await runInRequestContext({ requestId: 'r', keptnContext }, get)).toEqual({});
    expect(received?.headers['x-keptn-context']).toBe(header);
  });

  it.each([
    [404, 404, 'no'],
    [409, 409, 'no'],
    [403, 403, 'no'],
    [401, 502, 'orders refuses the KEPTN_API_TOKEN of this service: no'],
    [500, 502, 'orders failed: no'],
    [503, 503, 'orders is not available at the moment: no'],
  ])('says of the status %d to its own caller: %d %s', async (status, told, message) => {
    answer = (_request, response) => response.writeHead(status).end('{"message":"no"}');
    await expect(get()).rejects.toMatchObject({ status: told, message });
  });

  it.each([
    ['is not JSON', 502, (response) => response.end('<html>')],
    ['does not begin in time', 504, () => undefined],
    ['does not end in time', 504, (response) => response.write('{')],
    ['breaks off', 503, (response) => response.destroy()],
  ] satisfies [string, number, (response: Parameters<RequestListener>[1]) => unknown][])(
    'has words for an answer that %s: %d',
    async (_how, status, respond) => {
      answer = (_request, response) => void respond(response);
      await expect(get()).rejects.toMatchObject({ status, message: expect.stringMatching(/^orders /) });
    },
  );
});
