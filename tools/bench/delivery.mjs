/**
 * Delivery to webhooks: how long an event takes from the answer to its sender until a receiver has it, how many a second all
 * receivers get, and what receivers that are down cost.
 *
 *   node tools/bench/delivery.mjs --rate 50
 *   node tools/bench/delivery.mjs --rate 1000
 *   node tools/bench/delivery.mjs --subscriptions 250 --dead 250
 *   node tools/bench/delivery.mjs --profile /tmp/profiles      where the processor time goes, by file and function
 */
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { countOf, percentile, rounded } from './events-figures.mjs';
import { printProfiles } from './events-profile.mjs';
import { startSystem } from './events-processes.mjs';
import { anonymousMemoryOf, ownCpuSecondsOf } from './process-figures.mjs';

const HELP = `usage: node tools/bench/delivery.mjs [--rate N] [--subscriptions N] [--dead N] [--seconds N] [--port N]
                                    [--profile FOLDER]

  --rate           events a second                                  default: 50
  --subscriptions  that work; each wants one of ten services        default: 20
  --dead           further ones at a port that nobody listens at    default: 0
  --seconds        how long events are sent                         default: 20
  --port           of the gateway, those above it are used as well  default: 28080
  --profile        write CPU profiles there and print what they say; the figures are lower then`;

const { values: options } = parseArgs({
  options: {
    rate: { type: 'string', default: '50' },
    subscriptions: { type: 'string', default: '20' },
    dead: { type: 'string', default: '0' },
    seconds: { type: 'string', default: '20' },
    port: { type: 'string', default: '28080' },
    profile: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  console.log(HELP);
  process.exit(0);
}
const rate = countOf(options.rate, 'rate');
const subscriptions = countOf(options.subscriptions, 'subscriptions');
const dead = Number(options.dead);
const seconds = countOf(options.seconds, 'seconds');
const profileFolder = options.profile === undefined ? undefined : resolve(options.profile);
if (profileFolder !== undefined) mkdirSync(profileFolder, { recursive: true });

/** Names of services, of which each subscription wants one. */
const SERVICES = 10;

/** Requests a second that carry the events. */
const REQUESTS_PER_SECOND = Math.min(rate, 50);

/** How long what is under way at the end may take, in milliseconds. */
const DRAIN_TIMEOUT_MS = 60_000;

/** When the log had answered an event, by its id, in milliseconds. @type {Map<string, number>} */
const answeredAt = new Map();
/** When receivers had an event. @type {{ id: string, at: number }[]} */
const received = [];

const receiver = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8').on('data', (/** @type {string} */ text) => (body += text));
  request.on('end', () => {
    received.push({ id: JSON.parse(body).id, at: performance.now() });
    response.end();
  });
}).listen(0, '127.0.0.1');
await once(receiver, 'listening');
const address = receiver.address();
const receiverPort = typeof address === 'object' && address !== null ? address.port : 0;

const system = await startSystem({
  port: countOf(options.port, 'port'),
  environment: {
    KEPTN_PROCESSES: 'separate',
    ALLOWED_SINK_NETWORKS: '127.0.0.1',
    ...(profileFolder !== undefined && {
      NODE_OPTIONS: `--import=${pathToFileURL(join(import.meta.dirname, 'events-profiler.mjs')).href}`,
      NODE_PROFILE_FOLDER: profileFolder,
    }),
  },
});

/** @param {string} path @param {unknown} body @param {string} [type] */
async function post(path, body, type = 'application/json') {
  const answer = await fetch(system.endpoint + path, {
    method: 'POST',
    headers: { 'x-token': system.token, 'content-type': type },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  await answer.arrayBuffer();
}

for (let index = 0; index < subscriptions + dead; index++) {
  const sink = index < subscriptions ? `http://127.0.0.1:${receiverPort}/` : 'http://127.0.0.1:9/';
  const filters = [{ exact: { service: `service-${index % SERVICES}` } }];
  await post('/event-broker/v1/subscriptions', { name: `bench-${index}`, sink, types: ['sh.keptn.>'], filters });
}

/** Those that take part in a delivery. The launcher holds the database. */
const measured = [...system.processes].filter(([name]) => /event-broker|mongodb-datastore|launcher/.test(name));
if (profileFolder !== undefined) for (const [, pid] of measured) process.kill(pid, 'SIGUSR2');
const cpuBefore = measured.map(([, pid]) => ownCpuSecondsOf(pid));

let sent = 0;
const perRequest = Math.ceil(rate / REQUESTS_PER_SECOND);
const open = new Set();
const startedAt = performance.now();
while (performance.now() - startedAt < seconds * 1_000) {
  const events = Array.from({ length: perRequest }, () => ({
    specversion: '1.0',
    id: `event-${sent++}`,
    source: 'bench',
    type: 'sh.keptn.event.configuration.change',
    shkeptncontext: `context-${sent % 500}`,
    data: { project: 'bench', stage: 'dev', service: `service-${sent % SERVICES}`, text: 'x'.repeat(500) },
  }));
  const request = post('/mongodb-datastore/event', events, 'application/cloudevents-batch+json').then(() => {
    open.delete(request);
    for (const { id } of events) answeredAt.set(id, performance.now());
  });
  open.add(request);
  const due = startedAt + (sent / rate) * 1_000;
  await delay(Math.max(0, due - performance.now()));
}
await Promise.all(open);
const expected = (sent * subscriptions) / SERVICES;
const drainedFrom = performance.now();
while (received.length < expected && performance.now() - drainedFrom < DRAIN_TIMEOUT_MS) await delay(20);
const drainMs = performance.now() - drainedFrom;

const latencies = received.map(({ id, at }) => Math.max(0, at - (answeredAt.get(id) ?? at)));
const broker = system.processes.get('event-broker');
console.log(
  JSON.stringify({
    rate,
    subscriptions,
    dead,
    sent,
    expected,
    received: received.length,
    distinct: new Set(received.map(({ id }) => id)).size,
    deliveriesPerSecond: rounded(received.length / ((performance.now() - startedAt) / 1_000)),
    p50Ms: rounded(percentile(latencies, 0.5)),
    p99Ms: rounded(percentile(latencies, 0.99)),
    behindAtEndMs: rounded(drainMs),
    cpuSeconds: Object.fromEntries(
      measured.map(([name, pid], index) => [name, rounded(ownCpuSecondsOf(pid) - (cpuBefore[index] ?? 0))]),
    ),
    brokerMemoryMiB: broker === undefined ? undefined : rounded(anonymousMemoryOf(broker)),
  }),
);
await system.stop();
receiver.closeAllConnections();
receiver.close();
if (profileFolder !== undefined) printProfiles(profileFolder);
