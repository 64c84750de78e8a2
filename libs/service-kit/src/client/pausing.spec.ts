import { once } from 'node:events';
import { createServer, type OutgoingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { type Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { HttpClient } from './http-client';
import { mayPause } from './pausing';

const BYTES = 20_000_000;

let server: Server;
let client: HttpClient;
let answer: ServerResponse;

/** Asks for an answer, of which nothing is read yet. */
const begin = async (headers: OutgoingHttpHeaders, bytes: number): Promise<Readable> => {
  server = createServer((_request, response) => {
    answer = response;
    response.writeHead(200, headers).end(Buffer.alloc(bytes, 'x'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  client = new HttpClient({ name: 'a-test', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  return (await client.stream({ path: '/' })).body;
};

describe('an answer that is read slowly', () => {
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await client.close();
  });

  it('keeps a server waiting that keeps the connection', async () => {
    const body = await begin({ connection: 'keep-alive', 'content-length': BYTES }, BYTES);
    expect(answer.writableFinished).toBe(false);
    expect(await text(body)).toHaveLength(BYTES);
  });

  it('is read whole after the end of a connection that is not kept', async () => {
    const body = await begin({ connection: 'close', 'content-length': BYTES }, BYTES);
    await once(answer, 'close');
    expect(await text(body)).toHaveLength(BYTES);
  });

  it('is read whole, however much it is, as long as little of it waits', async () => {
    const body = await begin({ connection: 'close', 'content-length': 6 * BYTES }, 6 * BYTES);
    let bytes = 0;
    for await (const chunk of body) bytes += (chunk as Buffer).length;
    expect(bytes).toBe(6 * BYTES);
  });

  it('fails when no server waits and too much of it does', async () => {
    const body = await begin({ connection: 'close', 'content-length': 6 * BYTES }, 6 * BYTES);
    await once(answer, 'close');
    await expect(text(body)).rejects.toThrow('the answer is read too slowly');
  });
});

it('fails as ever where nobody listens', async () => {
  const closed = createServer().listen(0, '127.0.0.1');
  await once(closed, 'listening');
  const { port } = closed.address() as AddressInfo;
  await once(closed.close(), 'close');
  const unreachable = new HttpClient({ name: 'a-test', url: `http://127.0.0.1:${port}` });
  await expect(unreachable.stream({ path: '/' })).rejects.toThrow('a-test cannot be reached');
  await unreachable.close();
});

describe('a server can be made to wait', () => {
  const KEPT = { connection: 'keep-alive' };

  it.each([
    ['with a length', { ...KEPT, 'content-length': '1' }, true],
    ['with chunks', { connection: 'Keep-Alive', 'transfer-encoding': 'chunked' }, true],
    ['with chunks where nothing is said of the connection', { 'transfer-encoding': 'chunked' }, true],
    ['but not with an answer that ends with its connection', KEPT, false],
    ['but not with one in a coding that has no end', { ...KEPT, 'transfer-encoding': 'chunked, gzip' }, false],
    ['but not where it may close', { connection: 'keep-alive, close', 'content-length': '1' }, false],
    ['but not where it does not say that it keeps the connection', { 'content-length': '1' }, false],
    ['but not where it closes by an old name', { ...KEPT, 'proxy-connection': 'close', 'content-length': '1' }, false],
  ])('%s', (_case, headers, expected) => {
    expect(mayPause(headers)).toBe(expected);
  });
});
