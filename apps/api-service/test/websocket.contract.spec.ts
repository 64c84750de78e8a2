import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { Caller } from '@keptn/api-models';
import { ChannelTickets } from '@keptn/auth';
import { type RunningService } from '@keptn/service-kit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ChannelClient } from './channel-client';
import { call, startApiService, TOKEN } from './started-api-service';

const tickets = new ChannelTickets(TOKEN);

const message = (shkeptncontext: string, text: string) =>
  `{"type":"sh.keptn.events.log", "shkeptncontext":"${shkeptncontext}","data":{"message":"${text}"},"big":9007199254740993}`;

const clients: ChannelClient[] = [];
const connectTo = async (url: string, headers: Readonly<Record<string, string>>) => {
  const client = await ChannelClient.connect(url, headers);
  clients.push(client);
  return client;
};
const read = (url: string, context: string) =>
  connectTo(url, { Token: tickets.issue(context), 'Keptn-Ws-Channel-Id': context });
const write = (url: string, context: string) => connectTo(url, { Token: tickets.issue(context) });

afterEach(() => {
  clients.splice(0).forEach(({ socket }) => {
    socket.terminate();
  });
});

describe('the websocket', () => {
  let service: RunningService;

  beforeAll(async () => {
    service = await startApiService();
  });

  afterAll(() => service.close());

  it('passes on what services write, as it is, to all who read the channel and to nobody else', async () => {
    const readers = [await read(service.url, 'c1'), await read(service.url, 'c1')];
    const stranger = await read(service.url, 'c2');
    const writer = await write(service.url, 'c1');
    writer.send(message('c1', 'hello'));
    for (const reader of readers) {
      expect(await reader.next()).toBe(message('c1', 'hello'));
    }
    (await write(service.url, 'c2')).send(message('c2', 'for the other'));
    expect(await stranger.next()).toBe(message('c2', 'for the other'));
  });

  it('keeps what is written until somebody reads it, and then no longer', async () => {
    const writer = await write(service.url, 'kept');
    writer.send(message('kept', 'one'));
    writer.send(message('kept', 'two'));
    writer.socket.close();
    await writer.closed();
    const first = await read(service.url, 'kept');
    expect([await first.next(), await first.next()]).toEqual([message('kept', 'one'), message('kept', 'two')]);
    const second = await read(service.url, 'kept');
    (await write(service.url, 'kept')).send(message('kept', 'three'));
    expect(await second.next()).toBe(message('kept', 'three'));
  });

  it('ends when the token that its ticket was given for is deleted, and opens with that ticket no more', async () => {
    const { body } = await call(service.url, 'POST', '/v1/token', { name: 'watcher', role: 'viewer' });
    const holder = new Caller({ kind: 'token', name: 'watcher', id: (body as { id: string }).id, grants: [] });
    const headers = { Token: tickets.issue('ended', holder), 'Keptn-Ws-Channel-Id': 'ended' };
    const reader = await connectTo(service.url, headers);
    const other = await read(service.url, 'ended');
    const deleted = await fetch(`${service.url}/v1/token/watcher`, { method: 'DELETE', headers: { 'x-token': TOKEN } });
    expect([deleted.status, await reader.closed()]).toEqual([200, 1008]);
    await expect(connectTo(service.url, headers)).rejects.toThrow('401');
    (await write(service.url, 'ended')).send(message('ended', 'still here'));
    expect(await other.next()).toBe(message('ended', 'still here'));
  });

  it('ends when its ticket expires', async () => {
    const expiresAt = Math.ceil(Date.now() / 1_000) + 1;
    const holder = new Caller({ kind: 'person', name: 'ada', id: 'ada', grants: [], expiresAt });
    const reader = await connectTo(service.url, {
      Token: tickets.issue('brief', holder),
      'Keptn-Ws-Channel-Id': 'brief',
    });
    expect(await reader.closed()).toBe(1008);
  });

  it.each([
    ['without a ticket', {}],
    ['with an empty ticket', { Token: '' }],
    ['with the API token', { Token: TOKEN }],
    ['with two tickets', { Token: `${tickets.issue('c')}, ${tickets.issue('c')}` }],
    ['with a ticket of another installation', { Token: new ChannelTickets('another-token-12345').issue('c') }],
    ['with the ticket of another channel', { Token: tickets.issue('other'), 'Keptn-Ws-Channel-Id': 'c' }],
    ['with the API token as x-token', { 'x-token': TOKEN, 'Keptn-Ws-Channel-Id': 'c' }],
  ])('is refused %s, with 401 and the reason', async (_what, headers) => {
    const handshake = request(`${service.url}/websocket`, {
      headers: {
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
        ...headers,
      },
    });
    handshake.end();
    const [answer] = (await once(handshake, 'response')) as [IncomingMessage];
    expect(answer.statusCode).toBe(401);
    expect(JSON.parse(await text(answer))).toEqual({
      code: 401,
      message: expect.stringContaining('ticket'),
      reason: 'UNAUTHENTICATED',
    });
  });

  it.each([
    ['for the channel of another ticket', message('other', 'injected'), 1008],
    ['without a context', '{"type":"sh.keptn.events.log"}', 1003],
    ['that are not JSON', 'hello', 1003],
    ['that are larger than 64 KiB', message('c', 'x'.repeat(64 * 1024)), 1009],
  ])('is closed for writers of messages %s', async (_what, frame, code) => {
    const reader = await read(service.url, 'other');
    const writer = await write(service.url, 'c');
    writer.send(frame);
    expect(await writer.closed()).toBe(code);
    (await write(service.url, 'other')).send(message('other', 'real'));
    expect(await reader.next()).toBe(message('other', 'real'));
  });

  it('takes no message from those who read', async () => {
    const reader = await read(service.url, 'c3');
    reader.send(message('c3', 'from a reader'));
    (await write(service.url, 'c3')).send(message('c3', 'from a service'));
    expect(await reader.next()).toBe(message('c3', 'from a service'));
  });

  it('asks its readers whether they are still there', async () => {
    const reader = await read(service.url, 'c4');
    await once(reader.socket, 'ping');
    expect(reader.socket.readyState).toBe(reader.socket.OPEN);
  });

  it('drops a reader that does not keep up, and goes on for the others', async () => {
    const slow = await read(service.url, 'c5');
    const quick = await read(service.url, 'c5');
    const writer = await write(service.url, 'c5');
    slow.socket.pause();
    const large = message('c5', 'x'.repeat(60_000));
    let isOpen = true;
    quick.socket.on('close', () => (isOpen = false));
    const dropped = new Promise((resolve) => slow.socket.once('close', resolve));
    for (let sent = 0; sent < 1_000; sent += 1) {
      writer.send(large);
      expect(await quick.next()).toBe(large);
    }
    slow.socket.resume();
    await dropped;
    expect(isOpen).toBe(true);
  });

  it('tells of a failed creation why it failed, on the channel that the answer names', async () => {
    const answer = await fetch(`${service.url}/v1/project`, {
      method: 'POST',
      headers: { 'x-token': TOKEN, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'shop', shipyard: Buffer.from('stages: [{name: dev}]').toString('base64') }),
    });
    expect(answer.status).toBe(503);
    const channel = answer.headers.get('keptn-ws-channel-id') ?? '';
    const reader = await connectTo(service.url, {
      Token: answer.headers.get('token') ?? '',
      'Keptn-Ws-Channel-Id': channel,
    });
    const lines = [await reader.next(), await reader.next()].map((line) => JSON.parse(line) as unknown);
    const common = {
      specversion: '0.2',
      contentType: 'application/json',
      type: 'sh.keptn.events.log',
      source: 'https://github.com/keptn/keptn',
      shkeptncontext: channel,
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    };
    expect(lines).toEqual([
      {
        ...common,
        data: {
          message: 'Failed to create project shop: mongodb-datastore cannot be reached; try again in a moment',
          loglevel: 'ERROR',
          terminate: false,
        },
      },
      { ...common, data: { message: '', loglevel: 'INFO', terminate: true } },
    ]);
  });

  it('says to other clients what it is', async () => {
    const answer = await fetch(`${service.url}/websocket`, { headers: { 'x-token': TOKEN } });
    expect([answer.status, answer.headers.get('upgrade')]).toEqual([426, 'websocket']);
    expect(await answer.json()).toMatchObject({ code: 426, message: expect.stringContaining('websocket client') });
  });

  it('leaves requests that offer another protocol to the API', async () => {
    const body = '{"name":""}';
    const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
    socket.write(
      `POST /v1/project HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n` +
        `x-token: ${TOKEN}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    const [answer] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 400 [^]*project name is not valid/);
  });
});

describe('several replicas', () => {
  let first: RunningService;
  let second: RunningService;

  beforeAll(async () => {
    first = await startApiService();
    // Finds itself as well, as all replicas of a Service do.
    const own = await startApiService();
    const port = new URL(own.url).port;
    await own.close();
    second = await startApiService({ PORT: port, API_SERVICE_REPLICAS: `${first.url},http://127.0.0.1:${port}` });
  });

  afterAll(async () => {
    await Promise.all([first.close(), second.close()]);
  });

  it('read from each other what waits there, and what comes later', async () => {
    const writer = await write(first.url, 'c1');
    writer.send(message('c1', 'before'));
    writer.socket.ping();
    await once(writer.socket, 'pong');
    const reader = await read(second.url, 'c1');
    expect(await reader.next()).toBe(message('c1', 'before'));
    writer.send(message('c1', 'after'));
    expect(await reader.next()).toBe(message('c1', 'after'));
    (await write(second.url, 'c1')).send(message('c1', 'here'));
    expect(await reader.next()).toBe(message('c1', 'here'));
  });
});

describe('a service that stops', () => {
  it('says goodbye to open connections and is not held up by them', async () => {
    const service = await startApiService();
    const reader = await read(service.url, 'c1');
    const closed = reader.closed();
    await service.close();
    expect(await closed).toBe(1001);
  });

  it('is not held up by one that does not answer', async () => {
    const service = await startApiService();
    const reader = await read(service.url, 'c1');
    reader.socket.pause();
    await expect(service.close()).resolves.toBeUndefined();
  });
});
