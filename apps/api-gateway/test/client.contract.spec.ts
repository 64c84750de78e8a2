import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { TOKEN, trialPerTest } from './standing-service';

const trial = trialPerTest();
const { start, call, received, asked } = trial;

describe('whom a request is from', () => {
  const FORGED = {
    'x-forwarded-for': '198.51.100.7, 192.0.2.9',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'evil.example',
    forwarded: 'for=198.51.100.7',
  };

  it('is the other end of the connection, whatever the client says', async () => {
    await start();
    await call('/api/v1/x', { headers: FORGED });
    expect(received[0]?.headers).toMatchObject({
      'x-forwarded-for': '198.51.100.7, 192.0.2.9, 127.0.0.1',
      'x-real-ip': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': new URL(trial.url).host,
    });
    expect(received[0]?.headers).not.toHaveProperty('forwarded');
  });

  it.each([
    ['127.0.0.0/8', '192.0.2.9'],
    ['127.0.0.1, 192.0.2.0/24', '198.51.100.7'],
    ['0.0.0.0/0', '198.51.100.7'],
    ['10.0.0.0/8', '127.0.0.1'],
  ])('is what the proxies %s say', async (proxies, client) => {
    await start({ TRUSTED_PROXIES: proxies });
    await call('/api/v1/x', { headers: FORGED });
    expect(received[0]?.headers['x-real-ip']).toBe(client);
  });
});

describe('a client with too many connections', () => {
  it('gets no more of them, and others do', async () => {
    await start({ MAX_CONNECTIONS_PER_CLIENT: '2' });
    const port = trial.port;
    const open = [1, 2].map(() => connect(port, '127.0.0.1'));
    await Promise.all(open.map((socket) => once(socket, 'connect')));
    const third = connect(port, '127.0.0.1').on('error', () => undefined);
    await once(third, 'close');
    const other = connect({ port, host: '127.0.0.1', localAddress: '127.0.0.2' });
    other.write('GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    expect(await text(other)).toMatch(/^HTTP\/1\.1 200 /);
    open.forEach((socket) => socket.destroy());
  });
});

describe('a connection that offers other protocols again and again', () => {
  it('counts as one', async () => {
    await start({ MAX_CONNECTIONS_PER_CLIENT: '3' });
    const socket = connect(trial.port, '127.0.0.1');
    await once(socket, 'connect');
    const answers = socket.setEncoding('latin1')[Symbol.asyncIterator]() as AsyncIterator<string>;
    for (let count = 0; count < 10; count++) {
      socket.write('GET /health HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n');
      expect((await answers.next()).value).toMatch(/^HTTP\/1\.1 200 /);
    }
    expect((await fetch(`${trial.url}/health`)).status).toBe(200);
    socket.destroy();
  });
});

describe('more connections than the gateway takes', () => {
  it('are closed at once, and there is room again when others end', async () => {
    await start({ MAX_CONNECTIONS: '2' });
    const port = trial.port;
    const health = 'GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
    // From different addresses, so that it is not the limit of one client.
    const open = ['127.0.0.1', '127.0.0.2'].map((localAddress) => connect({ port, host: '127.0.0.1', localAddress }));
    await Promise.all(open.map((socket) => once(socket, 'connect')));
    const third = connect(port, '127.0.0.1').on('error', () => undefined);
    await once(third, 'close');
    const [first, second] = open as [Socket, Socket];
    first.write(health);
    expect(await text(first)).toMatch(/^HTTP\/1\.1 200 /);
    await expect
      .poll(async () => {
        const next = connect(port, '127.0.0.1').on('error', () => undefined);
        next.write(health);
        return text(next).catch(() => '');
      })
      .toMatch(/^HTTP\/1\.1 200 /);
    second.destroy();
  });
});

describe('a client that takes nothing of its answer', () => {
  it('is cut off, and its service is told', async () => {
    await start({ STALLED_CLIENT_TIMEOUT_MS: '300' });
    // More than all buffers on the way can take.
    const whole = Buffer.alloc(64 * 1024 * 1024);
    const cutOff = new Promise<void>((resolve) => {
      trial.answer = (_request, response) => {
        // It never ends by itself.
        response.on('close', resolve).write(whole);
      };
    });
    const client = connect(trial.port, '127.0.0.1').on('error', () => undefined);
    client.pause();
    client.write(`GET /api/v1/x HTTP/1.1\r\nHost: a\r\nX-Token: ${TOKEN}\r\n\r\n`);
    await expect(cutOff).resolves.toBeUndefined();
    client.destroy();
  });
});

describe('wrong tokens', () => {
  it('are tried no faster than permitted, with the time to come back; the right one always passes', async () => {
    await start({ AUTH_FAILURES_PER_MINUTE: '1', AUTH_CACHE_MS: '0' });
    const guess = (token: string) =>
      call('/api/v1/x', { headers: { 'x-token': token, 'x-forwarded-for': `192.0.2.${asked.length}` } });
    expect((await call('/api/v1/x')).status).toBe(200);
    expect((await guess('a')).status).toBe(401);
    const refused = await guess('b');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await call('/api/v1/x')).status).toBe(200);
    expect((await guess('')).status).toBe(401);
    expect(asked).toEqual([TOKEN, 'a', TOKEN]);
  });

  it('are not what the first requests of a client are taken for that come at once with the right one', async () => {
    await start({ AUTH_FAILURES_PER_MINUTE: '1' });
    const answers = await Promise.all(Array.from({ length: 20 }, () => call('/api/v1/x')));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  });

  it('make the right one wait once, however many requests come with it', async () => {
    await start({ AUTH_FAILURES_PER_MINUTE: '60' });
    const guesses = Array.from({ length: 60 }, (_none, index) =>
      call('/api/v1/x', { headers: { 'x-token': `guess ${index}` } }),
    );
    expect((await Promise.all(guesses)).map(({ status }) => status)).toEqual(guesses.map(() => 401));
    const answers = await Promise.all(Array.from({ length: 20 }, () => call('/api/v1/x')));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  });
});
