import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it, vi } from 'vitest';
import { sendThenRead, TOKEN, trialPerTest } from './standing-service';

const trial = trialPerTest();
const { start, call, received } = trial;

describe('a connection to a service that was restarted', () => {
  /** Answers one request, and breaks the same connection off at the next one. */
  const breakReused = (): void => {
    const used = new WeakSet<Socket>();
    trial.answer = (request, response) => {
      if (used.has(request.socket)) {
        request.socket.resetAndDestroy();
      } else {
        used.add(request.socket);
        response.end('{}');
      }
    };
  };

  it.each(['GET', 'DELETE'])('is not the end of a %s, which is sent again', async (method) => {
    await start();
    breakReused();
    for (let round = 0; round < 4; round += 1) {
      expect((await call('/api/v1/x', { method })).status).toBe(200);
    }
  });

  it('is the end of a POST, which may have been done', async () => {
    await start();
    breakReused();
    expect((await call('/api/v1/x', { method: 'POST' })).status).toBe(200);
    expect(await (await call('/api/v1/x', { method: 'POST' })).json()).toMatchObject({ code: 502 });
    expect(received.length).toBe(2);
  });
});

describe('an answer that a service breaks off', () => {
  it('is broken off for the client', async () => {
    await start();
    let breakOff = (): void => undefined;
    trial.answer = (_request, response) => {
      response.write('a part');
      breakOff = () => response.socket?.resetAndDestroy();
    };
    const response = await call('/api/v1/x');
    breakOff();
    await expect(response.text()).rejects.toThrow();
  });
});

describe('an answer for a slow client', () => {
  const BYTES = 20_000_000;

  it.each(['close', 'keep-alive'])('arrives whole where the service says "Connection: %s"', async (connection) => {
    await start();
    const begun = new Promise<ServerResponse>((resolve) => {
      trial.answer = (_request, response) => {
        response.writeHead(200, { connection, 'content-length': BYTES }).end(Buffer.alloc(BYTES, 'x'));
        resolve(response);
      };
    });
    const socket = connect(trial.port, '127.0.0.1').pause();
    socket.write(`GET /api/v1/x HTTP/1.1\r\nHost: a\r\nX-Token: ${TOKEN}\r\nConnection: close\r\n\r\n`);
    const answer = await begun;
    // Otherwise the service waits for the client.
    if (connection === 'close') await once(answer, 'close');
    const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 200 /);
    expect(body).toHaveLength(BYTES);
  });
});

describe('an answer that no service can be made to wait with', () => {
  /** More than may wait, and what the buffers of the system take besides. */
  const BYTES = 120_000_000;

  it('is broken off for a client that takes nothing of it', async () => {
    await start();
    const begun = new Promise<ServerResponse>((resolve) => {
      trial.answer = (_request, response) => {
        response.writeHead(200, { connection: 'close', 'content-length': BYTES }).end(Buffer.alloc(BYTES, 'x'));
        resolve(response);
      };
    });
    const socket = connect(trial.port, '127.0.0.1').pause();
    socket.on('error', () => undefined);
    socket.write(`GET /api/v1/x HTTP/1.1\r\nHost: a\r\nX-Token: ${TOKEN}\r\n\r\n`);
    await once(await begun, 'close');
    let bytes = 0;
    socket.on('data', (chunk: Buffer) => (bytes += chunk.length)).resume();
    await once(socket, 'close');
    expect(bytes).toBeLessThan(BYTES);
    expect((await call('/health')).status).toBe(200);
  });

  it('arrives whole where only the end of the connection ends it, although it says "keep-alive"', async () => {
    await start();
    const body = 'x'.repeat(5_000_000);
    trial.answer = (_request, { socket }) => {
      socket?.end(`HTTP/1.1 200 OK\r\nConnection: keep-alive\r\n\r\n${body}`);
    };
    const socket = connect(trial.port, '127.0.0.1').pause();
    socket.write(`GET /api/v1/x HTTP/1.0\r\nHost: a\r\nX-Token: ${TOKEN}\r\n\r\n`);
    await vi.waitUntil(() => received[0]?.socket.destroyed === true, { timeout: 20_000 });
    expect((await text(socket)).split('\r\n\r\n')[1]).toHaveLength(body.length);
  });
});

describe('a request that waits behind another one of its connection', () => {
  it('is given up at the service when the connection ends', async () => {
    await start();
    const closed: Promise<unknown>[] = [];
    const both = new Promise<void>((resolve) => {
      trial.answer = (_request, response) => {
        response.write('the begin of an answer that goes on');
        closed.push(once(response, 'close'));
        if (closed.length === 2) resolve();
      };
    });
    const socket = connect(trial.port, '127.0.0.1');
    const request = `GET /api/v1/x HTTP/1.1\r\nHost: a\r\nX-Token: ${TOKEN}\r\n\r\n`;
    socket.write(request + request);
    await both;
    socket.destroy();
    await Promise.all(closed);
    expect(closed).toHaveLength(2);
  });
});

describe('a Host that is none', () => {
  it('goes on as it is', async () => {
    await start();
    const answer = await sendThenRead(
      trial.port,
      `GET /api/v1/x HTTP/1.1\r\nHost: [x\r\nX-Token: ${TOKEN}\r\nConnection: close\r\n\r\n`,
    );
    expect(answer.status).toBe(200);
    expect(received[0]?.headers.host).toBe('[x');
  });
});

describe('an answer that says that nothing has changed', () => {
  it('may have the length of what the client has', async () => {
    await start();
    trial.answer = (_request, response) => {
      response.writeHead(304, { etag: '"a"', 'content-length': '1234' }).end();
    };
    const response = await call('/api/v1/x');
    expect([response.status, response.headers.get('etag')]).toEqual([304, '"a"']);
    expect((await call('/api/v1/x')).status).toBe(304);
  });
});

describe('a body whose length is announced', () => {
  it.each([1, 70_000, 3_000_000])('reaches the service as it is: %i bytes', async (bytes) => {
    await start();
    trial.answer = (request, response) => {
      void text(request).then((body) => response.end(JSON.stringify({ length: body.length, end: body.slice(-5) })));
    };
    const body = `${'x'.repeat(bytes - 1)}.`;
    expect(await (await call('/api/v1/x', { method: 'POST', body })).json()).toEqual({
      length: bytes,
      end: body.slice(-5),
    });
    expect(received[0]?.headers).toMatchObject({ 'content-length': String(bytes) });
  });

  it('has arrived when it has, however long the service takes then', async () => {
    await start({ BODY_TIMEOUT_MS: '300' });
    trial.answer = (_request, response) => {
      setTimeout(() => response.end('{}'), 600);
    };
    expect((await call('/api/v1/x', { method: 'POST', body: 'short' })).status).toBe(200);
    expect((await call('/api/v1/x', { method: 'POST', body: 'x'.repeat(1_000_000) })).status).toBe(200);
  });

  it('reaches the service while it comes', async () => {
    await start();
    const arrived = new Promise<IncomingMessage>((resolve) => (trial.answer = resolve));
    const socket = connect(trial.port, '127.0.0.1');
    socket.write(`POST /api/v1/x HTTP/1.1\r\nHost: a\r\nX-Token: ${TOKEN}\r\nContent-Length: 10\r\n\r\nfirst`);
    const request = await arrived;
    expect(String(await once(request, 'data'))).toBe('first');
    socket.write('after');
    expect(String(await once(request, 'data'))).toBe('after');
    socket.destroy();
  });
});

describe('a body whose length is not announced', () => {
  const chunkOf = (data: string): string => `${data.length.toString(16)}\r\n${data}\r\n`;

  /** Sends a request with the first chunk of its body; the connection stays open. */
  const begin = (method: string, coding: string): Socket => {
    const socket = connect(trial.port, '127.0.0.1').on('error', () => undefined);
    socket.write(
      `${method} /api/v1/x HTTP/1.1\r\nHost: a\r\nX-Token: ${TOKEN}\r\nTransfer-Encoding: ${coding}\r\n\r\n${chunkOf('first')}`,
    );
    return socket;
  };

  const answerOn = async (socket: Socket): Promise<string> => {
    const [answer] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    return answer.toString();
  };

  it('is counted while it passes, and broken off at the limit', async () => {
    await start({ MAX_BODY_BYTES: '1000' });
    const arrived = new Promise<IncomingMessage>((resolve) => (trial.answer = resolve));
    const socket = begin('POST', 'chunked');
    const brokenOff = expect(text(await arrived)).rejects.toThrow('aborted');
    socket.write(chunkOf('x'.repeat(1000)));
    expect(await answerOn(socket)).toMatch(/^HTTP\/1\.1 413 [^]*limit of 1000 bytes/);
    await brokenOff;
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'GET'])(
    'is a body for a %s as well, and never read as another request',
    async (method) => {
      await start();
      trial.answer = (request, response) => {
        void text(request).then((body) => response.end(JSON.stringify({ body })));
      };
      const socket = begin(method, 'chunked');
      socket.write(`${chunkOf('GET /api/v1/y HTTP/1.1\r\n\r\n')}0\r\n\r\n`);
      expect(await answerOn(socket)).toMatch(
        /^HTTP\/1\.1 200 [^]*\{"body":"firstGET \/api\/v1\/y HTTP\/1\.1\\r\\n\\r\\n"\}/,
      );
      expect(received.map(({ url }) => url)).toEqual(['/v1/x']);
    },
  );

  it('is not taken in another coding', async () => {
    await start();
    expect(await answerOn(begin('POST', 'gzip, chunked'))).toMatch(/^HTTP\/1\.1 400 [^]*"code":400/);
    expect(received).toEqual([]);
  });
});
