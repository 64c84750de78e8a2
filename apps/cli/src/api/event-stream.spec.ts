import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { stringifyJson } from '@keptn/event-models/json';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openConnection } from './connection';
import { EventStream } from './event-stream';
import { HttpClient } from './http-client';

/** What the server does with one connection. */
type Part = (response: ServerResponse, request: IncomingMessage) => void;

const message = (id: number): string => `id: ${id}\ndata: {"number":${id}}\n\n`;

const sendAndDrop =
  (...ids: number[]): Part =>
  (response) => {
    response.write(`retry: 1\n\n${ids.map(message).join('')}`, () => response.destroy());
  };

const refuse =
  (status: number): Part =>
  (response) => {
    response.writeHead(status).end('{"message":"no"}');
  };

describe('the event stream', () => {
  let server: Server;
  let parts: Part[];
  let lastIds: (string | undefined)[];
  let warnings: string[];
  let interruption: AbortController;

  beforeEach(async () => {
    [parts, lastIds, warnings, interruption] = [[], [], [], new AbortController()];
    server = createServer((request, response) => {
      const lastId = request.headers['last-event-id'];
      lastIds.push(typeof lastId === 'string' ? lastId : undefined);
      (parts.shift() ?? refuse(410))(response, request);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const received = async (): Promise<{ numbers: unknown[]; failure: unknown }> => {
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { signal } = interruption;
    const connection = await openConnection({
      endpoint,
      caFile: undefined,
      insecure: false,
      mayUseProxy: false,
      signal,
    });
    const client = new HttpClient({
      endpoint,
      token: 'token',
      connection,
      timeoutMs: 30_000,
      signal,
      userAgent: 'test',
      onAnswer: () => undefined,
      onSlow: () => undefined,
    });
    const stream = new EventStream(client, { path: '/', signal, onBreak: (sentence) => warnings.push(sentence) });
    const numbers: unknown[] = [];
    try {
      for await (const event of stream.events()) {
        numbers.push(event['number'] === undefined ? event : Number(stringifyJson(event['number'])));
      }
      return { numbers, failure: undefined };
    } catch (failure) {
      return { numbers, failure };
    } finally {
      connection.close();
    }
  };

  it('goes on behind the last event when the server drops it, and says so', async () => {
    parts = [sendAndDrop(1, 2), sendAndDrop(), sendAndDrop(3), refuse(410)];
    const { numbers, failure } = await received();
    expect(numbers).toEqual([1, 2, 3]);
    expect(lastIds).toEqual([undefined, '2', '2', '3']);
    expect(failure).toMatchObject({ status: 410 });
    expect(warnings[0]).toBe('the event stream broke off; connecting again, and going on where it ended');
  });

  it('goes on after an orderly end, and past a service that is not ready yet', async () => {
    parts = [(response) => response.end(`retry: 1\n\n${message(1)}`), refuse(503), refuse(502), sendAndDrop(2)];
    expect((await received()).numbers).toEqual([1, 2]);
    expect(lastIds).toEqual([undefined, '1', '1', '1', '2']);
  });

  it('says that events may be missing when none told it where it was', async () => {
    parts = [sendAndDrop()];
    await received();
    expect(warnings).toEqual(['the event stream broke off; connecting again, events in between are not shown']);
  });

  it('does not insist when the first connection fails', async () => {
    parts = [refuse(503), sendAndDrop(1)];
    const { failure } = await received();
    expect(failure).toMatchObject({ status: 503 });
    expect(lastIds).toHaveLength(1);
  });

  it('gives up on a server that stays away', async () => {
    parts = [sendAndDrop(1), ...Array.from({ length: 10 }, () => refuse(503)), sendAndDrop(2)];
    const { numbers, failure } = await received();
    expect(numbers).toEqual([1]);
    expect(failure).toMatchObject({ exit: 'unreachable', status: 503 });
    expect(warnings).toHaveLength(1);
  });

  it('ends at once when a person interrupts the pause', async () => {
    parts = [
      (response) => {
        response.write(`retry: 20000\n\n${message(1)}`, () => response.destroy());
      },
    ];
    const end = received();
    await new Promise<void>((resolve) => {
      const push = warnings.push.bind(warnings);
      warnings.push = (...sentences) => {
        resolve();
        return push(...sentences);
      };
    });
    interruption.abort();
    expect((await end).failure).toMatchObject({ exit: 'interrupted' });
  });
});
