import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningService, startService } from '../src/index';
import { environment, ordersService } from './orders-service';
import { answerOf, sendThenRead } from './raw-client';

/** More than the buffers of a connection hold, so that a client that sends it all needs a server that reads it all. */
const LARGE_BODY = Buffer.alloc(11 << 20, 'x');

describe('a large body that is refused before it is read, on a connection that is closed afterwards', () => {
  let service: RunningService;

  beforeAll(async () => {
    service = await startService(ordersService, environment);
  });

  afterAll(() => service.close());

  const send = (requestLine: string, headers: readonly string[], body: Buffer) => {
    const head = [requestLine, 'Host: a', 'Connection: close', ...headers].join('\r\n');
    return sendThenRead(service.url, Buffer.concat([Buffer.from(`${head}\r\n\r\n`), body]));
  };
  const lengthOf = (body: Buffer) => `Content-Length: ${body.length}`;

  it.each([
    ['401', 'POST /orders HTTP/1.1', ['X-Locked: 1', 'Content-Type: application/json']],
    ['404', 'POST /nowhere HTTP/1.1', ['Content-Type: application/json']],
    ['405', 'PUT /orders HTTP/1.1', ['Content-Type: application/json']],
    ['413', 'POST /orders HTTP/1.1', ['Content-Type: application/json']],
    ['415', 'POST /orders HTTP/1.1', ['Content-Type: text/plain']],
    ['417', 'POST /orders HTTP/1.1', ['Expect: a-miracle', 'Content-Type: application/json']],
  ])('leaves the client its answer: %s', async (status, requestLine, headers) => {
    const received = await send(requestLine, [...headers, lengthOf(LARGE_BODY)], LARGE_BODY);
    expect(answerOf(received)).toMatchObject({ status: Number(status), json: { code: Number(status) } });
  });

  it('of unknown length, too', async () => {
    const chunks = Buffer.concat([
      Buffer.from(`${LARGE_BODY.length.toString(16)}\r\n`),
      LARGE_BODY,
      Buffer.from('\r\n0\r\n\r\n'),
    ]);
    const headers = ['Content-Type: application/json', 'Transfer-Encoding: chunked'];
    expect(answerOf(await send('POST /orders HTTP/1.1', headers, chunks)).status).toBe(413);
  });

  it('and so does what is not HTTP at all', async () => {
    const received = await sendThenRead(service.url, LARGE_BODY);
    expect(answerOf(received)).toMatchObject({
      status: 400,
      json: { message: 'the request is not valid HTTP/1.1: Invalid method encountered' },
    });
  });
});
