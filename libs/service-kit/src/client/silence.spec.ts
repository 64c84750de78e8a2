import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { type Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HttpClient } from './http-client';

const TIMEOUT_MS = 1_000;
const BYTES = 20_000_000;

let server: Server;
let client: HttpClient;
let answer: ServerResponse;

beforeEach(async () => {
  server = createServer((_request, response) => {
    answer = response;
    response.writeHead(200).write('begun');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  client = new HttpClient({ name: 'a-test', url, timeoutMs: TIMEOUT_MS });
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await client.close();
});

const begin = async (): Promise<Readable> => (await client.stream({ path: '/' })).body;

describe('an answer that is read as it comes', () => {
  it('fails when nothing more of it comes, and its connection is closed', async () => {
    const body = await begin();
    await expect(text(body)).rejects.toMatchObject({ code: 'UND_ERR_BODY_TIMEOUT' });
    if (!answer.closed) await once(answer, 'close');
  });

  it('goes on for longer than that when something comes again and again', async () => {
    const body = await begin();
    let parts = 0;
    const speaking = setInterval(() => {
      parts += 1;
      if (parts < 15) answer.write('.');
      else answer.end();
    }, TIMEOUT_MS / 10);
    await expect(text(body)).resolves.toBe('begun..............');
    clearInterval(speaking);
  });

  it('does not fail for a reader that takes longer than that', async () => {
    const body = await begin();
    answer.end(Buffer.alloc(BYTES, '.'));
    // The timers of a process fire in their order.
    await new Promise((resolve) => setTimeout(resolve, TIMEOUT_MS * 1.5));
    await expect(text(body)).resolves.toHaveLength(BYTES + 'begun'.length);
  });
});
