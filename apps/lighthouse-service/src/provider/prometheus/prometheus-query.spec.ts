import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { queryPrometheus } from './prometheus-query';

const vectorOf = (value: string): string =>
  JSON.stringify({ status: 'success', data: { resultType: 'vector', result: [{ value: [1, value] }] } });

/** A part of the answer at a time, without an end. */
function trickle(response: ServerResponse): void {
  const timer = setInterval(() => response.write(' '), 20);
  response.once('close', () => {
    clearInterval(timer);
  });
}

/** How a server answers to a query. */
const ANSWERS: Readonly<Record<string, (response: ServerResponse) => void>> = {
  good: (response) => response.end(vectorOf('412.5')),
  blank: (response) => response.end(vectorOf('')),
  endless: trickle,
  large: (response) => response.end(vectorOf('1'.repeat(2 * 1024 * 1024))),
};

let server: Server;

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      ANSWERS[new URLSearchParams(body).get('query') ?? '']?.(response);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const ask = (query: string): Promise<number> => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return queryPrometheus({ url, headers: {} }, { query, time: 1, timeoutMs: 500, signal: AbortSignal.timeout(500) });
};

describe('a query to Prometheus', () => {
  it('has one number for an answer', async () => {
    expect(await ask('good')).toBe(412.5);
  });

  it.each([
    ['blank', 'SLI value is empty'],
    ['endless', 'Prometheus did not answer in time'],
    ['large', 'Prometheus sent an answer of more than 1048576 bytes'],
  ])('has no value from a %s answer, and says why', async (query, message) => {
    await expect(ask(query)).rejects.toThrow(message);
  });
});
