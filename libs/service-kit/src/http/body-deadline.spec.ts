import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { limitBodyTime } from './body-deadline';

const DEADLINE_MS = 500;

let server: Server;
let deadlineMs: number;

beforeEach(async () => {
  deadlineMs = DEADLINE_MS;
  server = createServer((incoming, response) => {
    limitBodyTime(incoming, response, deadlineMs);
    incoming.resume().on('end', () => response.end('whole'));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** Sends a part of a body each time that a fifth of the deadline has passed. */
const sendSlowly = (parts: number, mediaType: string): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const { port } = server.address() as AddressInfo;
    const upload = request(
      { port, host: '127.0.0.1', method: 'POST', headers: { 'content-type': mediaType } },
      resolve,
    );
    upload.on('error', reject);
    let sent = 0;
    const timer = setInterval(() => {
      if (++sent < parts) upload.write('{}\n');
      else {
        clearInterval(timer);
        upload.end();
      }
    }, DEADLINE_MS / 5);
  });

describe('a body', () => {
  it('that has not come whole at the deadline is answered with 408', async () => {
    expect((await sendSlowly(9, 'application/json')).statusCode).toBe(408);
  });

  it('may take as long as it likes without one', async () => {
    deadlineMs = 0;
    expect((await sendSlowly(2, 'application/json')).statusCode).toBe(200);
  });

  it('of lines may take longer, as long as it moves', async () => {
    expect((await sendSlowly(9, 'application/x-ndjson')).statusCode).toBe(200);
  });

  it('of lines that stops moving is cut off', async () => {
    const { port } = server.address() as AddressInfo;
    const headers = { 'content-type': 'application/x-ndjson' };
    const upload = request({ port, host: '127.0.0.1', method: 'POST', headers });
    upload.write('{}\n');
    const [error] = (await once(upload, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNRESET');
  });
});
