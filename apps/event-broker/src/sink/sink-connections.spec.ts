import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { HttpPost } from './http-post';
import { type SinkAnswer } from './sink';
import { MOST_ORIGINS, SinkConnections } from './sink-connections';

const connections: SinkConnections[] = [];
const servers: Server[] = [];

afterEach(async () => {
  await Promise.all(connections.splice(0).map((each) => each.destroy()));
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

function newConnections(): SinkConnections {
  const made = new SinkConnections();
  connections.push(made);
  return made;
}

async function listen(server: Server, port = 0): Promise<number> {
  servers.push(server);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const answering = (): Server => createServer((_request, response) => response.end('received'));

function post(to: SinkConnections, url: string): Promise<SinkAnswer> {
  const options = { url: new URL(url), receiver: 'outside', timeoutMs: 20_000, keptOfAnswer: 100 } as const;
  const content = { headers: { 'content-type': 'application/json' }, body: '{}' };
  return new HttpPost({ ...options, connections: to }).send(content, new AbortController().signal);
}

describe('the connections to sinks', () => {
  it('reach a host that was down once it is back', async () => {
    const sinks = newConnections();
    const first = answering();
    const port = await listen(first);
    first.close();
    await once(first, 'close');
    const url = `http://127.0.0.1:${port}/`;
    expect(await post(sinks, url)).toMatchObject({ outcome: 'failed', error: expect.stringContaining('ECONNREFUSED') });
    await listen(answering(), port);
    expect(await post(sinks, url)).toMatchObject({ outcome: 'accepted', status: 200 });
  });

  it('bring a request to its end whose host is pushed out by others', async () => {
    const sinks = newConnections();
    let answer: () => void = () => undefined;
    const slow = createServer((_request, response) => (answer = () => response.end('late')));
    const port = await listen(slow);
    const sent = post(sinks, `http://127.0.0.1:${port}/`);
    await once(slow, 'request');
    const closed = await closedPort();
    const others = Array.from(
      { length: MOST_ORIGINS },
      (_none, index) => `http://127.1.${index >> 8}.${index & 255}:${closed}/`,
    );
    await Promise.all(others.map((url) => post(sinks, url)));
    answer();
    expect(await sent).toMatchObject({ outcome: 'accepted', answer: 'late' });
  });

  it('cut off what is under way when they are destroyed, and take nothing more', async () => {
    const sinks = newConnections();
    const silent = createServer();
    const url = `http://127.0.0.1:${await listen(silent)}/`;
    const sent = post(sinks, url);
    await once(silent, 'request');
    await sinks.destroy();
    expect(await sent).toMatchObject({ outcome: 'failed' });
    expect(await post(sinks, url)).toMatchObject({ outcome: 'failed' });
  });
});

async function closedPort(): Promise<number> {
  const server = answering();
  const port = await listen(server);
  server.close();
  await once(server, 'close');
  return port;
}
