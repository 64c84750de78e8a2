import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startService } from '../src/index';
import { control, environment, Latch, ordersService } from './orders-service';

/** Nothing else happens in this process meanwhile. */
const blockFor = (milliseconds: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
};

/** Waits until the service accepts no connection any more. */
const untilRefused = async (url: string): Promise<void> => {
  while (
    await fetch(`${url}/health`).then(
      () => true,
      () => false,
    )
  );
};

describe('a service that is told to stop', () => {
  it('finishes the request in flight and accepts no other', async () => {
    control.latch = new Latch();
    const service = await startService(ordersService, environment);
    const inFlight = fetch(`${service.url}/orders/slow`);
    await control.latch.reached;
    const closed = service.close();
    await expect(fetch(`${service.url}/health`)).rejects.toThrow();
    control.latch.release();
    expect(await (await inFlight).text()).toBe('done');
    await closed;
  });

  it('goes on answering for the shutdown delay, says that it is not ready, and lets connections go', async () => {
    const service = await startService(ordersService, { ...environment, SHUTDOWN_DELAY_MS: '1000' });
    const closed = service.close();
    const answer = await fetch(`${service.url}/orders`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('connection')).toBe('close');
    expect((await fetch(`${service.url}/ready`)).status).toBe(503);
    await closed;
    await expect(fetch(`${service.url}/orders`)).rejects.toThrow();
  });

  it('answers what arrived on an idle connection before the shutdown delay ended, however busy the process was', async () => {
    const service = await startService(ordersService, { ...environment, SHUTDOWN_DELAY_MS: '200' });
    const client = connect(Number(new URL(service.url).port), '127.0.0.1');
    client.write('GET /orders HTTP/1.1\r\nHost: keptn\r\n\r\n');
    await once(client, 'data');
    const closed = service.close();
    client.write('GET /health HTTP/1.1\r\nHost: keptn\r\n\r\n');
    blockFor(400);
    const answer = String(await once(client, 'data'));
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer).toMatch(/^connection: close\r$/im);
    await closed;
  });

  it('answers on a connection that was opened during the shutdown delay and asks after it', async () => {
    const service = await startService(ordersService, { ...environment, SHUTDOWN_DELAY_MS: '300' });
    const closed = service.close();
    const client = connect(Number(new URL(service.url).port), '127.0.0.1');
    await once(client, 'connect');
    await untilRefused(service.url);
    client.write('GET /orders HTTP/1.1\r\nHost: keptn\r\n\r\n');
    expect(String(await once(client, 'data'))).toMatch(/^HTTP\/1\.1 200 [\s\S]*connection: close\r\n/i);
    await closed;
  });

  it('does not wait for a connection on which nobody asks anything', async () => {
    const service = await startService(ordersService, { ...environment, SHUTDOWN_TIMEOUT_MS: '600000' });
    const client = connect(Number(new URL(service.url).port), '127.0.0.1');
    await once(client, 'connect');
    await Promise.all([service.close(), once(client, 'close')]);
    await expect(fetch(`${service.url}/health`)).rejects.toThrow();
  });

  it('cuts off a request that outlasts the shutdown timeout', async () => {
    control.latch = new Latch();
    const service = await startService(ordersService, { ...environment, SHUTDOWN_TIMEOUT_MS: '50' });
    const inFlight = fetch(`${service.url}/orders/slow`).then(
      () => 'answered',
      () => 'cut off',
    );
    await control.latch.reached;
    await service.close();
    expect(await inFlight).toBe('cut off');
    control.latch.release();
  });
});

describe('a service that cannot start', () => {
  it.each([
    [{ PORT: 'abc' }, 'PORT must be a port number from 0 to 65535, but is "abc"'],
    [{ PORT: '70000' }, 'PORT must be a port number from 0 to 65535, but is "70000"'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be fatal, error, warn, info, debug, trace or silent, but is "loud"'],
  ])('names the variable and what it must be: %j', async (wrong, message) => {
    await expect(startService(ordersService, { ...environment, ...wrong })).rejects.toThrow(message);
  });

  it('shows nothing of a value that may hold a password', async () => {
    const wrong = { ...environment, LOG_LEVEL: 'nats://user:pass@host' };
    await expect(startService(ordersService, wrong)).rejects.toThrow(/trace or silent$/);
  });

  it('reports a taken port', async () => {
    const first = await startService(ordersService, environment);
    await expect(startService(ordersService, { ...environment, PORT: new URL(first.url).port })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
    await first.close();
  });
});
