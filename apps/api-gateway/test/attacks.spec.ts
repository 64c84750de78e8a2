import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { type RunningService, startService } from '@keptn/service-kit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { apiGateway } from '../src/app.module';
import { spellingsOfAttacks } from './attacks';

const TOKEN = 'the-right-token-of-this-test';

/** All that a stranger may have from a service (contract 1.2). */
const PUBLIC = /^GET \/swagger-ui\//;

/** Longer than any time-out of this gateway: what is not answered by then hangs. */
const HANGS_AFTER_MS = 20_000;

const reached: string[] = [];

/** Every service behind the gateway; would tell everything to everybody. */
const service = createServer((request: IncomingMessage, response: ServerResponse) => {
  if (request.url === '/v1/auth' && request.method === 'POST') {
    response.writeHead(request.headers['x-token'] === TOKEN ? 200 : 401).end();
    return;
  }
  const line = `${request.method ?? ''} ${request.url ?? ''}`;
  reached.push(line);
  request.resume().on('end', () => response.end(PUBLIC.test(line) ? 'open to all' : 'PROTECTED'));
});

let gateway: RunningService;

beforeAll(async () => {
  await once(service.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
  gateway = await startService(apiGateway, {
    HOST: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: 'silent',
    API_SERVICE_URL: url,
    CONFIGURATION_SERVICE_URL: url,
    MONGODB_DATASTORE_URL: url,
    MAX_BODY_BYTES: '1000',
    HEADERS_TIMEOUT_MS: '500',
    BODY_TIMEOUT_MS: '700',
    KEEP_ALIVE_TIMEOUT_MS: '500',
    AUTH_FAILURES_PER_MINUTE: '60000',
  });
});

afterAll(async () => {
  await gateway.close();
  service.close();
});

beforeEach(() => {
  reached.length = 0;
});

/** Sends the bytes as they are, and hands back everything that comes until the connection ends. */
const send = async (bytes: string): Promise<string> => {
  const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
  socket.setTimeout(HANGS_AFTER_MS, () => socket.destroy(new Error('the gateway left the connection open')));
  socket.write(bytes, 'latin1');
  const received: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => received.push(chunk));
  const error = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
    socket.on('error', resolve).on('close', () => {
      resolve(undefined);
    });
  });
  if (error !== undefined && error.code !== 'ECONNRESET' && error.code !== 'EPIPE') {
    throw error;
  }
  return Buffer.concat(received).toString('latin1');
};

const attacks = spellingsOfAttacks();

describe('without the token', () => {
  let answers: string[] = [];

  beforeAll(async () => {
    answers = await Promise.all(attacks.map(({ bytes }) => send(bytes)));
    expect(reached.filter((line) => !PUBLIC.test(line))).toEqual([]);
  });

  it('there are more than 200 spellings to try', () => {
    expect(new Set(attacks.map(({ bytes }) => bytes)).size).toBeGreaterThan(200);
  });

  it.each(attacks.map(({ name }, index) => [name, index] as const))('%s reaches nothing protected', (_name, index) => {
    expect(answers[index]).not.toContain('PROTECTED');
  });

  it('and the gateway works as before', async () => {
    const answer = await fetch(`${gateway.url}/api/v1/project`, { headers: { 'x-token': TOKEN } });
    expect(await answer.text()).toBe('PROTECTED');
  });
});

/** A body, or a part of the headers, in which the gateway and a service could see another request. */
const SMUGGLED = `GET /v1/smuggled HTTP/1.1\r\nHost: a\r\nX-Token: ${TOKEN}\r\n\r\n`;

const withToken = (requestLine: string, headers: readonly string[], body = ''): string =>
  `${[requestLine, 'Host: a', `X-Token: ${TOKEN}`, ...headers, 'Connection: close'].join('\r\n')}\r\n\r\n${body}`;

const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`;

describe('with the token, one request stays one request:', () => {
  it.each([
    ['a body in a GET', withToken('GET /api/v1/x HTTP/1.1', [`Content-Length: ${SMUGGLED.length}`], SMUGGLED)],
    ['chunks in a GET', withToken('GET /api/v1/x HTTP/1.1', ['Transfer-Encoding: chunked'], chunk(SMUGGLED))],
    ['chunks in a DELETE', withToken('DELETE /api/v1/x HTTP/1.1', ['Transfer-Encoding: chunked'], chunk(SMUGGLED))],
    ['chunks in OPTIONS', withToken('OPTIONS /api/v1/x HTTP/1.1', ['Transfer-Encoding: chunked'], chunk(SMUGGLED))],
    ['chunks in a HEAD', withToken('HEAD /api/v1/x HTTP/1.1', ['Transfer-Encoding: chunked'], chunk(SMUGGLED))],
    ['a body in a DELETE', withToken('DELETE /api/v1/x HTTP/1.1', [`Content-Length: ${SMUGGLED.length}`], SMUGGLED)],
    [
      'a length that is said to be for this hop',
      withToken(
        'POST /api/v1/x HTTP/1.1',
        [`Content-Length: ${SMUGGLED.length}`, 'Connection: content-length'],
        SMUGGLED,
      ),
    ],
    [
      'chunks that are said to be for this hop',
      withToken(
        'POST /api/v1/x HTTP/1.1',
        ['Transfer-Encoding: chunked', 'Connection: transfer-encoding'],
        chunk(SMUGGLED),
      ),
    ],
    ['another coding', withToken('POST /api/v1/x HTTP/1.1', ['Transfer-Encoding: gzip, chunked'], chunk(SMUGGLED))],
    [
      'an offer of another protocol',
      withToken('POST /api/v1/x HTTP/1.1', ['Upgrade: h2c', `Content-Length: ${SMUGGLED.length}`], SMUGGLED),
    ],
    [
      'a body beside an offer of a websocket',
      withToken('GET /api/websocket HTTP/1.1', ['Upgrade: websocket', `Content-Length: ${SMUGGLED.length}`], SMUGGLED),
    ],
  ])('%s', async (_what, bytes) => {
    await send(bytes);
    await fetch(`${gateway.url}/api/v1/next`, { headers: { 'x-token': TOKEN } });
    expect(reached.filter((line) => line.includes('smuggled'))).toEqual([]);
    expect(reached.at(-1)).toBe('GET /v1/next');
  });
});

describe('a client that is slow', () => {
  it.each([
    ['with its first byte', ''],
    ['with its headers', 'GET /api/v1/x HTTP/1.1\r\nHost: a\r\nX-To'],
    ['with its body', withToken('POST /api/v1/x HTTP/1.1', ['Content-Length: 100'], 'a')],
    ['with a chunk', withToken('POST /api/v1/x HTTP/1.1', ['Transfer-Encoding: chunked'], '5\r\nab')],
    ['with its next request', `GET /health HTTP/1.1\r\nHost: a\r\n\r\n`],
  ])('%s is cut off', async (_what, bytes) => {
    expect(await send(bytes)).toMatch(/^(?:HTTP\/1\.1 (?:408|200) |$)/);
  });
});

describe('a body of unknown length', () => {
  it('is counted while it passes, and refused when it is too large', async () => {
    const answer = await send(
      withToken('POST /api/v1/x HTTP/1.1', ['Transfer-Encoding: chunked'], chunk('x'.repeat(2_000))),
    );
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain('1000 bytes (MAX_BODY_BYTES)');
  });

  it('passes when it is small enough', async () => {
    const bytes = withToken('POST /api/v1/x HTTP/1.1', ['Transfer-Encoding: chunked'], chunk('x'.repeat(900)));
    expect(await send(bytes)).toMatch(/^HTTP\/1\.1 200 /);
  });
});
