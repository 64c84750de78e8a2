/**
 * What the gateway bears: its service killed and started again under load, ten thousand idle connections beside five hundred
 * slow clients, and its memory over many requests.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { countOf } from './events-figures.mjs';
import { startGateway, startUpstream, TOKEN } from './gateway-under-test.mjs';
import { Connection, load } from './load.mjs';
import { anonymousMemoryOf } from './process-figures.mjs';

const HELP = `usage: node tools/bench/gateway-endurance.mjs [--requests N] [--restarts N]

  --requests  over which memory is watched               default: 1000000
  --restarts  how often the service is killed under load default: 5`;

const { values: options } = parseArgs({
  options: {
    requests: { type: 'string', default: '1000000' },
    restarts: { type: 'string', default: '5' },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  console.log(HELP);
  process.exit(0);
}
const REQUESTS = countOf(options.requests, 'requests');
const RESTARTS = countOf(options.restarts, 'restarts');
const CLIENTS = 16;
const IDLE_CONNECTIONS = 10_000;
const SLOW_CLIENTS = 500;
/** Connections that are opened at the same time; more would overflow the queue of the listening socket. */
const OPENED_AT_ONCE = 100;
const SLOW_CLIENT_PAUSE_MS = 1_000;
const RESTART_PAUSE_MS = 1_000;
const PORT = 18_470;

const CALL = /** @type {const} */ ({
  method: 'GET',
  path: '/api/configuration-service/v1/project?pageSize=20',
  headers: { 'x-token': TOKEN },
});

const folder = mkdtempSync(join(tmpdir(), 'gateway-endurance-'));
let upstream = await startUpstream();
const gateway = await startGateway({ port: PORT, upstream: upstream.url, log: join(folder, 'gateway.log') });

/** Requests while the service is killed and started again. @param {number} restarts */
async function restartUnderLoad(restarts) {
  /** @type {Map<string, number>} */
  const answers = new Map();
  const recoveries = [];
  const state = { isRunning: true, lastSuccess: 0 };
  const client = async () => {
    const connection = new Connection(gateway.url);
    while (state.isRunning) {
      const answer = await connection.send(CALL).catch((error) => ({ status: 0, text: String(error) }));
      const isJson = answer.status === 200 || /^\{"code":50[234],"message":"/.test(answer.text);
      const kind = `${answer.status}${isJson ? '' : ` ${answer.text.slice(0, 60)}`}`;
      answers.set(kind, (answers.get(kind) ?? 0) + 1);
      if (answer.status === 200) state.lastSuccess = performance.now();
    }
    await connection.close();
  };
  const clients = Array.from({ length: CLIENTS }, client);
  for (let restart = 0; restart < restarts; restart += 1) {
    await delay(RESTART_PAUSE_MS);
    await upstream.stop('SIGKILL');
    await delay(RESTART_PAUSE_MS);
    upstream = await startUpstream(new URL(upstream.url).port);
    const startedAt = performance.now();
    while (state.lastSuccess < startedAt) await delay(1);
    recoveries.push(state.lastSuccess - startedAt);
  }
  state.isRunning = false;
  await Promise.all(clients);
  console.log(`\nservice killed and started again ${restarts} times under ${CLIENTS} clients: answers by status`);
  console.table(Object.fromEntries(answers));
  console.log(`first success after it listens again: at most ${Math.round(Math.max(...recoveries))} ms`);
}

/** @param {string} bytes @returns {Promise<import('node:net').Socket>} */
const open = (bytes) =>
  new Promise((resolve, reject) => {
    const socket = connect(PORT, '127.0.0.1', () => {
      socket.write(bytes);
      resolve(socket);
    });
    socket.on('error', reject);
    socket.resume();
  });

/** Others' latency beside many idle connections and slow clients, against their latency without. */
async function crowd() {
  const alone = await load(gateway.url, { clients: CLIENTS, requests: 10_000 }, () => CALL);
  const idle = [];
  while (idle.length < IDLE_CONNECTIONS) {
    const more = Array.from({ length: OPENED_AT_ONCE }, () => open('GET /health HTTP/1.1\r\nHost: a\r\n\r\n'));
    idle.push(...(await Promise.all(more)));
  }
  const slow = { isRunning: true, cutOff: 0 };
  const slowClient = async () => {
    while (slow.isRunning) {
      const socket = await open('GET /api/v1/metadata HTTP/1.1\r\nX-Slow: ');
      while (slow.isRunning && socket.writable && !socket.destroyed) {
        socket.write('a');
        await delay(SLOW_CLIENT_PAUSE_MS);
      }
      slow.cutOff += slow.isRunning ? 1 : 0;
      socket.destroy();
    }
  };
  const slowClients = Array.from({ length: SLOW_CLIENTS }, slowClient);
  const beside = await load(gateway.url, { clients: CLIENTS, seconds: 15 }, () => CALL);
  const still = idle.filter((socket) => !socket.destroyed).length;
  slow.isRunning = false;
  idle.forEach((socket) => socket.destroy());
  await Promise.all(slowClients);
  console.log(
    `\nbeside ${still} idle connections and ${SLOW_CLIENTS} slow clients, of whom ${slow.cutOff} were cut off`,
  );
  console.table({
    alone: { 'p50 ms': alone.p50, 'p99 ms': alone.p99 },
    beside: { 'p50 ms': beside.p50, 'p99 ms': beside.p99 },
    ratio: { 'p50 ms': beside.p50 / alone.p50, 'p99 ms': beside.p99 / alone.p99 },
  });
}

/** @param {number} requests */
async function memoryOver(requests) {
  console.log(`\nmemory over ${requests} requests, 64 connections, MiB that belong to no file`);
  const marks = [];
  for (let part = 0; part <= 10; part += 1) {
    if (part > 0) await load(gateway.url, { clients: 64, requests: requests / 10 }, () => CALL);
    marks.push({ requests: (requests / 10) * part, MiB: Math.round(anonymousMemoryOf(gateway.pid)) });
  }
  console.table(marks);
}

await restartUnderLoad(RESTARTS);
await crowd();
await memoryOver(REQUESTS);
await gateway.stop();
await upstream.stop();
rmSync(folder, { recursive: true });
