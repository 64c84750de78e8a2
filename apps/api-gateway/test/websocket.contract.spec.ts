import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { type RunningService, startService } from '@keptn/service-kit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { apiGateway } from '../src/app.module';

/** Stands where api-service would be: opens a channel for the right ticket, and sends back what comes over it. */
const channels = createServer((request, response) => {
  received.push(request);
  response.writeHead(401).end();
}).on('upgrade', (request: IncomingMessage, socket: Socket) => {
  received.push(request);
  if (request.headers['token'] === 'right') {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
    opened = socket;
    socket.pipe(socket);
  } else {
    socket.end('HTTP/1.1 401 Unauthorized\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nno\r\n0\r\n\r\n');
  }
});

const received: IncomingMessage[] = [];
let opened: Socket | undefined;
let gateway: RunningService;

const startGateway = (apiService: string) =>
  startService(apiGateway, { HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'silent', API_SERVICE_URL: apiService });

const urlOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

beforeAll(async () => {
  channels.listen(0, '127.0.0.1');
  await once(channels, 'listening');
  gateway = await startGateway(urlOf(channels));
});

afterAll(async () => {
  await gateway.close();
  channels.close();
});

beforeEach(() => {
  received.length = 0;
});

const HANDSHAKE = {
  Host: 'keptn',
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
  Token: 'right',
};

const ask = (headers: Record<string, string>, { path = '/api/websocket', to = gateway.url, body = '' } = {}) => {
  const socket = connect(Number(new URL(to).port), '127.0.0.1');
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  socket.write([`GET ${path} HTTP/1.1`, ...lines, '', body].join('\r\n'));
  return socket;
};

const openChannel = async (to?: string) => {
  const socket = ask({ ...HANDSHAKE, 'Keptn-Ws-Channel-Id': 'a-context' }, to === undefined ? {} : { to });
  const [answer] = (await once(socket, 'data')) as [Buffer];
  return { socket, answer: answer.toString() };
};

describe('the websocket of the gateway', () => {
  it('is that of api-service, with the headers of the client', async () => {
    const { socket, answer } = await openChannel();
    expect(answer).toMatch(/^HTTP\/1\.1 101 /);
    expect(received).toMatchObject([
      { url: '/websocket', headers: { token: 'right', 'keptn-ws-channel-id': 'a-context', host: 'keptn' } },
    ]);
    socket.write('there and back');
    expect(String((await once(socket, 'data'))[0])).toBe('there and back');
    socket.destroy();
  });

  it('needs no API token, because api-service checks the ticket; its refusal reaches the client', async () => {
    const answer = await text(ask({ ...HANDSHAKE, Token: 'wrong' }));
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    expect(answer).toMatch(/\r\n\r\nno$/);
    expect(answer).not.toMatch(/chunked/);
  });

  it('ends at api-service when the client breaks off', async () => {
    const { socket } = await openChannel();
    const ended = once(opened as Socket, 'close');
    socket.resetAndDestroy();
    await ended;
  });

  it('ends at the client when api-service breaks off', async () => {
    const { socket } = await openChannel();
    socket.on('error', () => undefined);
    const ended = once(socket, 'close');
    opened?.resetAndDestroy();
    await ended;
  });

  it('answers 503 when api-service is down', async () => {
    const alone = await startGateway('http://127.0.0.1:1');
    const answer = await text(ask(HANDSHAKE, { to: alone.url }));
    expect(answer).toMatch(/^HTTP\/1\.1 503 /);
    expect(answer).toContain('"message":"api-service cannot be reached; try again in a moment"');
    await alone.close();
  });

  it('does not hold up the shutdown', async () => {
    const stopping = await startGateway(urlOf(channels));
    const { socket } = await openChannel(stopping.url);
    const ended = once(socket, 'close');
    await stopping.close();
    await ended;
  });
});

describe('what only looks like the websocket', () => {
  it.each([
    ['another path', '/api/v1/project', HANDSHAKE, 401],
    ['an unsafe path', '/api/websocket/..%2fv1', HANDSHAKE, 400],
    ['another protocol', '/api/v1/project', { ...HANDSHAKE, Upgrade: 'h2c' }, 401],
    ['no protocol at all', '/api/websocket', { Host: 'a', Connection: 'close' }, 426],
    ['a body beside it', '/api/websocket', { ...HANDSHAKE, 'Content-Length': '9' }, 426, 'GET / HTTP'],
    ['a body of unknown length', '/api/websocket', { ...HANDSHAKE, 'Transfer-Encoding': 'chunked' }, 426, '0\r\n\r\n'],
  ])('is an ordinary request: %s', async (_what, path, headers, status, body = '') => {
    const socket = ask({ ...headers }, { path, body });
    const [answer] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    expect(answer.toString()).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(received).toEqual([]);
  });
});
