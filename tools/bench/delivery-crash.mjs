/**
 * Kills event-broker, of which two replicas run, mongodb-datastore and NATS with SIGKILL while events are sent, at random moments, and
 * checks that each of five webhooks and the stream of NATS got each event, and those of a Keptn context in order. Before that it checks
 * that nothing comes twice while nothing is killed. Build first (`npx nx run-many -t build`).
 *
 *   node tools/bench/delivery-crash.mjs --kills 20
 *
 * Ends with 1 when an event is missing or out of order, or came twice in quiet running.
 */
import { randomUUID } from 'node:crypto';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Receiver, StreamReceiver } from './delivery-receivers.mjs';
import { countOf } from './events-figures.mjs';
import { startBroker, startDatastore, startStore } from './events-processes.mjs';
import { NatsProcess } from './nats-process.mjs';

const HELP = `usage: node tools/bench/delivery-crash.mjs [--kills N] [--rate N] [--quiet-seconds N] [--port N]

  --kills          how many times a process is killed                            default: 20
  --rate           events a second                                               default: 50
  --quiet-seconds  how long events are sent before the first kill                default: 10
  --port           of mongodb-datastore; those of event-broker and NATS are the
                   next three                                                    default: 28095`;

const { values: options } = parseArgs({
  options: {
    kills: { type: 'string', default: '20' },
    rate: { type: 'string', default: '50' },
    'quiet-seconds': { type: 'string', default: '10' },
    port: { type: 'string', default: '28095' },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  console.log(HELP);
  process.exit(0);
}

/** Receivers of webhooks. */
const WEBHOOKS = 5;

/** Keptn contexts that get events at the same time. */
const CONTEXTS = 10;

/** Milliseconds: the longest time from a start to the next kill. */
const LONGEST_ROUND = 4_000;

/** Pause of a sender after a failure: the service is being started again. Milliseconds. */
const PAUSE_MS = 50;

/** How long deliveries may take after the last kill, in milliseconds. */
const DRAIN_TIMEOUT_MS = 180_000;

const port = countOf(options.port, 'port');
const kills = countOf(options.kills, 'kills');
const pauseOfSender = (1_000 * CONTEXTS) / countOf(options.rate, 'rate');

process.setMaxListeners(0);
const store = await startStore();
const startLog = () => startDatastore({ port, mongodbUri: store.uri, logLevel: 'fatal' });
const nats = new NatsProcess({ port: port + 3, hasJetStream: true });
await nats.start();
const startReplica = (/** @type {number} */ index) =>
  startBroker({
    port: port + 1 + index,
    mongodbUri: store.uri,
    datastoreUrl: `http://127.0.0.1:${port}`,
    natsUrl: `nats://${nats.address}`,
  });
let datastore = await startLog();
const brokers = [await startReplica(0), await startReplica(1)];
const webhooks = await Promise.all(Array.from({ length: WEBHOOKS }, () => new Receiver().start()));
const stream = new StreamReceiver();
const receivers = [...webhooks, stream];
const headers = { 'content-type': 'application/json', 'x-token': datastore.token };
for (const [index, { url: sink }] of webhooks.entries()) {
  const protocolSettings = { order: index === 0 ? 'strict' : 'context' };
  const body = JSON.stringify({ name: `receiver-${index}`, sink, protocolSettings });
  const answer = await fetch(`${brokers[0]?.url}/v1/subscriptions`, { method: 'POST', headers, body });
  if (answer.status !== 201) throw new Error(`no subscription: ${await answer.text()}`);
}

/** Ids that the log has acknowledged. @type {string[]} */
const acknowledged = [];
let isSending = true;

/** Sends events of one context, one after another, each until it is acknowledged. */
async function send() {
  const shkeptncontext = randomUUID();
  for (let number = 0; isSending; number++) {
    const event = {
      specversion: '1.0',
      id: randomUUID(),
      source: 'bench',
      type: 'sh.keptn.event.configuration.change',
      shkeptncontext,
    };
    const body = JSON.stringify({ ...event, data: { project: 'bench', stage: 'dev', service: 'carts', number } });
    while (!(await isStored(body))) await delay(PAUSE_MS);
    acknowledged.push(event.id);
    await delay(Math.random() * 2 * pauseOfSender);
  }
}

/** @param {string} body */
const isStored = (body) =>
  fetch(`${datastore.url}/event`, { method: 'POST', headers, body }).then(
    async (response) => (await response.arrayBuffer(), response.ok),
    () => false,
  );

/** @returns {Promise<boolean>} whether every receiver has everything in time */
async function drained() {
  const deadline = performance.now() + DRAIN_TIMEOUT_MS;
  while (performance.now() < deadline) {
    await stream.read(nats.address);
    if (receivers.every(({ ids }) => acknowledged.every((id) => ids.has(id)))) return true;
    await delay(100);
  }
  return false;
}

let senders = Array.from({ length: CONTEXTS }, send);
await delay(countOf(options['quiet-seconds'], 'quiet-seconds') * 1_000);
isSending = false;
await Promise.all(senders);
await drained();
const quiet = { events: acknowledged.length, repeats: receivers.reduce((sum, { repeats }) => sum + repeats, 0) };

isSending = true;
senders = Array.from({ length: CONTEXTS }, send);
const killed = { 'event-broker': 0, 'mongodb-datastore': 0, NATS: 0 };
for (let round = 0; round < kills; round++) {
  await delay(Math.random() * LONGEST_ROUND);
  const chance = Math.random();
  if (chance < 0.5) {
    const index = Math.floor(Math.random() * brokers.length);
    killed['event-broker']++;
    await brokers[index]?.kill();
    brokers[index] = await startReplica(index);
  } else if (chance < 0.75) {
    killed['mongodb-datastore']++;
    await datastore.kill();
    datastore = await startLog();
  } else {
    killed.NATS++;
    await nats.end('SIGKILL');
    await delay(Math.random() * LONGEST_ROUND);
    await nats.start();
  }
}
isSending = false;
await Promise.all(senders);
const isComplete = await drained();

await Promise.all(brokers.map((broker) => broker.stop()));
await datastore.stop();
await store.stop();
for (const webhook of webhooks) webhook.stop();
await nats.dispose();
console.log('quiet running with two replicas:', quiet);
console.log('kills:', killed);
console.table(
  receivers.map(({ ids, repeats, outOfOrder }, index) => ({
    receiver: index < WEBHOOKS ? `webhook ${index}` : 'stream of NATS',
    acknowledged: acknowledged.length,
    received: ids.size,
    missing: acknowledged.filter((id) => !ids.has(id)).length,
    'out of order': outOfOrder,
    repeats,
  })),
);
if (!isComplete || quiet.repeats > 0 || receivers.some(({ outOfOrder }) => outOfOrder > 0)) process.exitCode = 1;
