import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { findFreePorts } from '@keptn/vitest-setup/free-ports';
import { programOf } from './running-system';

const TOKEN = 'the-right-token-of-this-test';

const GUESSES = 2_000;
/** A person asks once in so many guesses. */
const GUESSES_PER_QUESTION = 20;
const PER_MINUTE = 120;
const CLIENTS = 32;

/** A stranger, and a person whose requests come from the same address. */
const GUESSERS = new Agent({ keepAlive: true, maxSockets: CLIENTS });
const PERSON = new Agent({ keepAlive: true, maxSockets: 1 });

const services: ChildProcess[] = [];
let log = '';
let port = 0;

const start = (name: string, settings: Record<string, string>): void => {
  const child = spawn(process.execPath, [programOf(name)], {
    env: { PATH: process.env['PATH'], HOST: '127.0.0.1', LOG_LEVEL: 'trace', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.on('data', (chunk: Buffer) => (log += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
  services.push(child);
};

interface Answer {
  readonly status: number | undefined;
  readonly retryAfter: string | undefined;
}

const call = async (path: string, headers: Record<string, string>, agent: Agent): Promise<Answer> => {
  const [response] = (await once(request({ host: '127.0.0.1', port, path, headers, agent }).end(), 'response')) as [
    IncomingMessage,
  ];
  await text(response);
  return { status: response.statusCode, retryAfter: response.headers['retry-after'] };
};

beforeAll(async () => {
  port = await findFreePorts(2);
  start('api-gateway', {
    PORT: String(port),
    API_SERVICE_URL: `http://127.0.0.1:${port + 1}`,
    AUTH_FAILURES_PER_MINUTE: String(PER_MINUTE),
  });
  start('api-service', {
    PORT: String(port + 1),
    KEPTN_API_TOKEN: TOKEN,
    MONGODB_URI: `${inject('mongodbUri')}/guessing`,
  });
  const answers = (): Promise<Answer> => call('/api/v1/auth', { 'x-token': TOKEN }, PERSON);
  await vi.waitFor(
    async () => {
      expect(await answers()).toMatchObject({ status: 200 });
    },
    { timeout: 30_000, interval: 200 },
  );
});

const stopServices = async (): Promise<void> => {
  const running = services.splice(0).filter(({ exitCode }) => exitCode === null);
  const ended = running.map((service) => once(service, 'exit'));
  running.forEach((service) => service.kill('SIGTERM'));
  await Promise.all(ended);
};

afterAll(async () => {
  GUESSERS.destroy();
  PERSON.destroy();
  await stopServices();
});

/** Every spelling is the same attempt: other paths, methods' and addresses' claims must not begin a new count. */
const PATHS = [
  '/api/v1/auth',
  '//api//v1/auth',
  '/%61pi/v1/metadata',
  'http://a/api/v1/metadata',
  '/metrics',
  '/nowhere',
];

const guess = (number: number): Promise<Answer> =>
  call(
    PATHS[number % PATHS.length] ?? '/',
    {
      'x-token': `guessed-token-number-${number}`,
      'x-forwarded-for': `198.51.${number % 256}.${number >> 8}`,
      'x-real-ip': `203.0.113.${number % 256}`,
      forwarded: `for=192.0.2.${number % 256}`,
    },
    GUESSERS,
  );

describe('two thousand wrong tokens from one address', () => {
  it(
    'are tried at the rate of the setting, lock out nobody who has the right one, and leave no trace in the log',
    { timeout: 180_000 },
    async () => {
      const startedAt = performance.now();
      const answers = new Map<number | undefined, number>();
      const person: (number | undefined)[] = [];
      let next = 0;
      const guesser = async (): Promise<void> => {
        while (next < GUESSES) {
          const { status, retryAfter } = await guess(next++);
          answers.set(status, (answers.get(status) ?? 0) + 1);
          expect(status === 429).toBe(retryAfter !== undefined);
          if (next % GUESSES_PER_QUESTION === 0) {
            person.push((await call('/api/v1/metadata', { 'x-token': TOKEN }, PERSON)).status);
          }
        }
      };
      await Promise.all(Array.from({ length: CLIENTS }, guesser));
      const minutes = (performance.now() - startedAt) / 60_000;

      expect([...answers.keys()].sort()).toEqual([401, 429]);
      // The number of a minute at once, then its rate, and what waits for its turn.
      expect(answers.get(401)).toBeLessThanOrEqual(PER_MINUTE + PER_MINUTE * minutes + PER_MINUTE / 20);
      expect(person.length).toBeGreaterThanOrEqual(GUESSES / GUESSES_PER_QUESTION - 1);
      expect(new Set(person)).toEqual(new Set([200]));

      await stopServices();
      expect(log).toMatch(/"status":429/);
      expect(log).not.toContain('guessed-token');
      expect(log).not.toContain(TOKEN);
    },
  );
});
