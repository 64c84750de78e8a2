import { once } from 'node:events';
import { type ClientRequest, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startService } from '../src/index';
import { control, environment, Latch, ordersService } from './orders-service';

describe('large bodies', () => {
  /** Announces a large body that never comes; the answer to the announcement tells that the service has seen it. */
  const announceBody = async (url: string): Promise<ClientRequest> => {
    const headers = { 'content-type': 'application/json', 'content-length': 150_000, expect: '100-continue' };
    const upload = request(`${url}/orders`, { method: 'POST', headers });
    upload.on('error', () => undefined);
    upload.flushHeaders();
    await once(upload, 'continue');
    return upload;
  };

  it('wait for others to be answered, or given up, while small ones pass', async () => {
    const service = await startService(ordersService, { ...environment, MAX_BODY_BYTES: '100000' });
    const uploads = [await announceBody(service.url), await announceBody(service.url)];
    const send = (name: string): Promise<Response> =>
      fetch(`${service.url}/orders/request-id`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-request-id': `request-${name.length}` },
        body: JSON.stringify({ name }),
      });
    let isAnswered = false;
    const large = send('x'.repeat(80_000)).finally(() => (isAnswered = true));
    expect((await send('tea')).status).toBe(201);
    expect(isAnswered).toBe(false);
    uploads[0]?.destroy();
    expect(await (await large).json()).toEqual({ requestId: 'request-80000' });
    uploads[1]?.destroy();
    await service.close();
  });

  /** Sends a request to /orders/slow, with whatever follows it in one piece, and waits until it is there. */
  const sendSlow = async (url: string, request: string): Promise<{ socket: Socket; release: () => void }> => {
    const mine = new Latch();
    control.latch = mine;
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write(`GET /orders/slow HTTP/1.1\r\nHost: a\r\n${request}`);
    await mine.reached;
    return {
      socket,
      release: () => {
        mine.release();
      },
    };
  };

  it.each([
    [
      'are given up with a connection on which an earlier answer is still due',
      '\r\nPOST /orders HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 150000\r\n\r\n',
      ({ socket }: { socket: Socket }) => socket.destroy(),
    ],
    ['take no room where nobody reads them', 'Content-Length: 150000\r\n\r\n', () => undefined],
  ])('%s', async (_, request, then) => {
    const service = await startService(ordersService, { ...environment, MAX_BODY_BYTES: '100000' });
    const slow = [await sendSlow(service.url, request), await sendSlow(service.url, request)];
    slow.forEach(then);
    const body = JSON.stringify({ name: 'x'.repeat(80_000) });
    const headers = { 'content-type': 'application/json' };
    expect((await fetch(`${service.url}/orders`, { method: 'POST', headers, body })).status).toBe(201);
    slow.forEach(({ socket, release }) => {
      release();
      socket.destroy();
    });
    await service.close();
  });
});
