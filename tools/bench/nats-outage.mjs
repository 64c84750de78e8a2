/**
 * What outages of NATS cost: events of the log, and events that others publish, while the server is stopped, killed and restarted.
 *
 *   node tools/bench/nats-outage.mjs --outages 10,10
 *   node tools/bench/nats-outage.mjs --outages 180 --mode core
 */
import { randomUUID } from 'node:crypto';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { countOf } from './events-figures.mjs';
import { startSystem } from './events-processes.mjs';
import { NatsProcess } from './nats-process.mjs';

const HELP = `usage: node tools/bench/nats-outage.mjs [--outages SECONDS,...] [--mode jetstream|core] [--rate N] [--port N]

  --outages  seconds of each; the server is stopped and killed in turn  default: 10,10
             behind them it is killed once more and started at once
  --mode     with JetStream or without                                  default: jetstream
  --rate     events a second that are sent to the log                   default: 50
  --port     of the gateway, those above it and the 50th are used        default: 28080`;

const { values: options } = parseArgs({
  options: {
    outages: { type: 'string', default: '10,10' },
    mode: { type: 'string', default: 'jetstream' },
    rate: { type: 'string', default: '50' },
    port: { type: 'string', default: '28080' },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  console.log(HELP);
  process.exit(0);
}
const outages = options.outages.split(',').map((seconds) => countOf(seconds, 'outages'));
const rate = countOf(options.rate, 'rate');
const port = countOf(options.port, 'port');
const hasJetStream = options.mode === 'jetstream';

/** Of the server, above the ports of the system. */
const natsPort = port + 50;

/** Between the parts of the run, in milliseconds. */
const QUIET_MS = 5_000;

/** What other services publish on NATS, for each event that is sent to the log. */
const OUTSIDE_SHARE = 0.1;

/** How long the rest may take to be published, in milliseconds. */
const DRAIN_TIMEOUT_MS = 120_000;

const nats = new NatsProcess({ port: natsPort, hasJetStream });
await nats.start();
const system = await startSystem({
  port,
  environment: { KEPTN_PROCESSES: 'separate', NATS_URL: `nats://${nats.address}` },
});

/** How often a subscriber has seen an event. @type {Map<string, number>} */
const seen = new Map();
const client = await connect({ servers: nats.address, maxReconnectAttempts: -1, reconnectTimeWait: 200 });
client.subscribe('sh.keptn.>', {
  callback: (_error, message) => {
    const { id } = JSON.parse(message.string());
    seen.set(id, (seen.get(id) ?? 0) + 1);
  },
});
await client.flush();

/** Ids that the log has accepted, and that the server has confirmed. @type {string[]} */
const sent = [];
/** @type {string[]} */
const fromOutside = [];
let failedRequests = 0;

/** @param {string} id */
const eventOf = (id) => ({
  specversion: '1.0',
  id,
  source: 'bench',
  type: 'sh.keptn.event.configuration.change',
  shkeptncontext: randomUUID(),
  data: { project: 'bench', stage: 'dev', service: 'carts', text: 'x'.repeat(500) },
});

/** @param {string} id */
async function sendToLog(id) {
  const answer = await fetch(`${system.endpoint}/mongodb-datastore/event`, {
    method: 'POST',
    headers: { 'x-token': system.token, 'content-type': 'application/cloudevents+json' },
    body: JSON.stringify(eventOf(id)),
  });
  if (answer.ok) sent.push(id);
  else failedRequests++;
  await answer.arrayBuffer();
}

/** @param {string} id */
async function publishFromOutside(id) {
  const event = eventOf(id);
  try {
    if (hasJetStream) {
      await jetstream(client, { timeout: 2_000 }).publish(event.type, JSON.stringify(event));
    } else {
      client.publish(event.type, JSON.stringify(event));
      await client.flush();
    }
    fromOutside.push(id);
  } catch {
    // Not confirmed, so nobody promised anything.
  }
}

let isSending = true;
const sending = (async () => {
  const open = new Set();
  for (let count = 0; isSending; count++) {
    const request = sendToLog(`log-${count}`).finally(() => open.delete(request));
    open.add(request);
    if (count % (1 / OUTSIDE_SHARE) === 0) void publishFromOutside(`outside-${count}`);
    await delay(1_000 / rate);
  }
  await Promise.all(open);
})();

await delay(QUIET_MS);
for (const [index, seconds] of outages.entries()) {
  const signal = index % 2 === 0 ? 'SIGTERM' : 'SIGKILL';
  console.log(`${signal} for ${seconds} s, after ${sent.length} events`);
  await nats.end(signal);
  await delay(seconds * 1_000);
  await nats.start();
  await delay(3 * QUIET_MS);
}
console.log(`SIGKILL and a start at once, after ${sent.length} events`);
await nats.end('SIGKILL');
await nats.start();
await delay(3 * QUIET_MS);
isSending = false;
await sending;

const drainingFrom = performance.now();
while (!sent.every((id) => seen.has(id)) && performance.now() - drainingFrom < DRAIN_TIMEOUT_MS) await delay(100);
const drainedMs = performance.now() - drainingFrom;
await delay(QUIET_MS);

/** How often the log has an event. @type {Map<string, number>} */
const stored = new Map();
for (let after = 0, before = -1; after > before;) {
  const answer = await fetch(`${system.endpoint}/mongodb-datastore/reader/event?after=${after}&limit=200`, {
    headers: { 'x-token': system.token },
  });
  const page = /** @type {{ events: { event: { id: string } }[], position: number }} */ (await answer.json());
  for (const { event } of page.events) stored.set(event.id, (stored.get(event.id) ?? 0) + 1);
  [before, after] = [after, page.position];
}

/** @param {readonly string[]} ids @param {ReadonlyMap<string, number>} counts */
const missing = (ids, counts) => ids.filter((id) => !counts.has(id)).length;
/** @param {readonly string[]} ids @param {ReadonlyMap<string, number>} counts */
const repeated = (ids, counts) => ids.filter((id) => (counts.get(id) ?? 0) > 1).length;

console.log(
  JSON.stringify({
    mode: options.mode,
    outages,
    rate,
    acceptedByTheLog: sent.length,
    refusedByTheLog: failedRequests,
    eventsInTheLog: stored.size,
    notPublished: missing(sent, seen),
    publishedTwice: repeated(sent, seen),
    storedTwice: repeated([...sent, ...fromOutside], stored),
    confirmedFromOutside: fromOutside.length,
    fromOutsideNotStored: missing(fromOutside, stored),
    fromOutsideSentOutAgain: repeated(fromOutside, seen),
    behindAtEndMs: Math.round(drainedMs),
  }),
);
const isFlawless = missing(sent, seen) === 0 && repeated([...sent, ...fromOutside], stored) === 0;
await client.close();
await system.stop();
await nats.dispose();
process.exitCode = isFlawless ? 0 : 1;
