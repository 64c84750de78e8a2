/**
 * Delivery to webhooks: how long an event takes from the answer to its sender until a receiver has it, how many a second all
 * receivers get, and what receivers that are down cost.
 *
 *   node tools/bench/delivery.mjs --rate 50
 *   node tools/bench/delivery.mjs --rate 1000
 *   node tools/bench/delivery.mjs --rate 20 --subscriptions 250 --dead 250
 *   node tools/bench/delivery.mjs --before ../keptn-a13c13c    beside delivery from mongodb-datastore, which had no filters
 *   node tools/bench/delivery.mjs --profile /tmp/profiles      where the processor time goes, by file and function
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { resolve } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { countOf, percentile, rounded } from './events-figures.mjs';
import { profiles } from './events-profile.mjs';
import { startDatastore, startStore, startSystem } from './events-processes.mjs';
import { anonymousMemoryOf, ownCpuSecondsOf } from './process-figures.mjs';

const HELP = `usage: node tools/bench/delivery.mjs [--rate N] [--subscriptions N] [--dead N] [--seconds N] [--warm-up N]
                                    [--port N] [--profile FOLDER] [--before FOLDER]

  --rate           events a second                                  default: 50
  --subscriptions  that work; each wants one of ten services        default: 20
  --dead           further ones at a port that nobody listens at    default: 0
  --seconds        how long events are sent                         default: 20
  --warm-up        seconds between the first events and the measurement; receivers that are dead are found out meanwhile
                                                                    default: 30
  --port           of the gateway, those above it are used as well  default: 28080
  --profile        write CPU profiles there and print what they say; the figures are lower then
  --before         a built working copy of a version whose mongodb-datastore delivers to EVENT_SUBSCRIBERS: it is measured
                   first, then event-broker with the same work, subscriptions without filters`;

const { values: options } = parseArgs({
  options: {
    rate: { type: 'string', default: '50' },
    subscriptions: { type: 'string', default: '20' },
    dead: { type: 'string', default: '0' },
    seconds: { type: 'string', default: '20' },
    'warm-up': { type: 'string', default: '30' },
    port: { type: 'string', default: '28080' },
    profile: { type: 'string' },
    before: { type: 'string' },
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
const warmUp = countOf(options['warm-up'], 'warm-up');
const profiling = profiles(options.profile);

/** mongodb-datastore had no filters, so everybody got everything. */
const isFiltered = options.before === undefined;

/** Names of services, of which each subscription wants one. */
const SERVICES = 10;

/** Requests a second that carry the events. */
const REQUESTS_PER_SECOND = Math.min(rate, 50);

/** How long what is under way at the end may take, in milliseconds. */
const DRAIN_TIMEOUT_MS = 60_000;

/** When the log had answered an event, by its id, in milliseconds. @type {Map<string, number>} */
const answeredAt = new Map();
/** When receivers had an event. @type {{ id: string, at: number }[]} */
let received = [];

const receiver = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8').on('data', (/** @type {string} */ text) => (body += text));
  request.on('end', () => {
    const at = performance.now();
    for (const { id } of [JSON.parse(body)].flat()) received.push({ id, at });
    response.end();
  });
}).listen(0, '127.0.0.1');
await once(receiver, 'listening');
const address = receiver.address();
const receiverUrl = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;

/**
 * What delivers, once it is subscribed to.
 *
 * @typedef {object} Deliverer
 * @property {string} door URL that takes events in batches
 * @property {string} token
 * @property {[string, number][]} processes those that take part in a delivery, by name
 * @property {() => Promise<void>} stop
 */

/** @param {string} url @param {string} token @param {unknown} body @param {string} [type] */
async function post(url, token, body, type = 'application/json') {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'x-token': token, 'content-type': type },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
  await answer.arrayBuffer();
}

/** Delivery from mongodb-datastore, on today's store. @param {string} root of the working copy @returns {Promise<Deliverer>} */
async function subscribersOfDatastore(root) {
  const store = await startStore();
  const urls = Array.from({ length: subscriptions }, (_none, index) => `${receiverUrl}/${index}`);
  const datastore = await startDatastore({
    root,
    port: countOf(options.port, 'port'),
    mongodbUri: store.uri,
    environment: { EVENT_SUBSCRIBERS: urls.join(',') },
  });
  return {
    door: `${datastore.url}/event`,
    token: datastore.token,
    processes: [
      ['store', store.pid],
      ['mongodb-datastore', datastore.pid],
    ],
    stop: async () => {
      await datastore.stop();
      await store.stop();
    },
  };
}

/** @returns {Promise<Deliverer>} */
async function subscriptionsOfEventBroker() {
  const { endpoint, token, processes, stop } = await startSystem({
    port: countOf(options.port, 'port'),
    environment: {
      KEPTN_PROCESSES: 'separate',
      ALLOWED_SINK_NETWORKS: '127.0.0.1',
      ...profiling.environment,
    },
  });
  for (let index = 0; index < subscriptions + dead; index++) {
    const sink = index < subscriptions ? receiverUrl : 'http://127.0.0.1:9/';
    const filters = isFiltered ? [{ exact: { service: `service-${index % SERVICES}` } }] : [];
    const subscription = { name: `bench-${index}`, sink, types: ['sh.keptn.>'], filters };
    await post(`${endpoint}/event-broker/v1/subscriptions`, token, subscription);
  }
  return {
    door: `${endpoint}/mongodb-datastore/event`,
    token,
    // The launcher holds the database.
    processes: [...processes].filter(([name]) => /event-broker|mongodb-datastore|launcher/.test(name)),
    stop,
  };
}

let made = 0;

/** Sends events of all services in turn. @param {Deliverer} deliverer @param {number} count */
async function send({ door, token }, count) {
  const events = Array.from({ length: count }, () => ({
    specversion: '1.0',
    id: `event-${made++}`,
    source: 'bench',
    type: 'sh.keptn.event.configuration.change',
    shkeptncontext: `context-${made % 500}`,
    data: { project: 'bench', stage: 'dev', service: `service-${made % SERVICES}`, text: 'x'.repeat(500) },
  }));
  await post(door, token, events, 'application/cloudevents-batch+json');
  for (const { id } of events) answeredAt.set(id, performance.now());
}

/** @param {number} events */
const deliveriesOf = (events) => (isFiltered ? (events * subscriptions) / SERVICES : events * subscriptions);

/** @param {number} count of deliveries */
async function untilReceived(count) {
  const waitingFrom = performance.now();
  while (received.length < count && performance.now() - waitingFrom < DRAIN_TIMEOUT_MS) await delay(20);
  return performance.now() - waitingFrom;
}

/** @param {string} name of what is measured @param {Deliverer} deliverer */
async function measure(name, deliverer) {
  const { processes } = deliverer;
  received = [];
  for (let second = 0; second < warmUp; second++) {
    await send(deliverer, SERVICES);
    await delay(1_000);
  }
  await untilReceived(deliveriesOf(SERVICES * warmUp));
  received = [];
  profiling.start(processes.map(([, pid]) => pid));
  const cpuBefore = processes.map(([, pid]) => ownCpuSecondsOf(pid));
  const perRequest = Math.ceil(rate / REQUESTS_PER_SECOND);
  let sent = 0;
  const open = new Set();
  const startedAt = performance.now();
  while (performance.now() - startedAt < seconds * 1_000) {
    sent += perRequest;
    const request = send(deliverer, perRequest).then(() => {
      open.delete(request);
    });
    open.add(request);
    const due = startedAt + (sent / rate) * 1_000;
    await delay(Math.max(0, due - performance.now()));
  }
  await Promise.all(open);
  const expected = deliveriesOf(sent);
  const drainMs = await untilReceived(expected);
  const latencies = received.map(({ id, at }) => Math.max(0, at - (answeredAt.get(id) ?? at)));
  const broker = processes.find(([process]) => process === 'event-broker')?.[1];
  console.log(
    JSON.stringify({
      name,
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
        processes.map(([process, pid], index) => [process, rounded(ownCpuSecondsOf(pid) - (cpuBefore[index] ?? 0))]),
      ),
      ...(broker !== undefined && { brokerMemoryMiB: rounded(anonymousMemoryOf(broker)) }),
    }),
  );
  await deliverer.stop();
}

if (options.before !== undefined) {
  await measure('mongodb-datastore before', await subscribersOfDatastore(resolve(options.before)));
}
await measure('event-broker', await subscriptionsOfEventBroker());
receiver.closeAllConnections();
receiver.close();
profiling.print();
