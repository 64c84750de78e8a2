/**
 * What reactions cost: from an evaluation-done to the configuration.change of the next stage, with logs of different sizes. Build first
 * (`npx nx run-many -t build`).
 *
 *   node tools/bench/reactions.mjs --events 1000,100000
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { atRate, chainOptions } from './chain-load.mjs';
import { followEvents } from './event-follower.mjs';
import { percentile, rounded } from './events-figures.mjs';
import { startSystem } from './events-processes.mjs';
import { createProject, DurableSender, subject, TYPES } from './execution-plane-player.mjs';
import { GateClient } from './gate-under-test.mjs';
import { CpuMeter } from './process-figures.mjs';

const { sizes, rate, seconds, warmUp, port, environment, profiling } = chainOptions({
  usage:
    'node tools/bench/reactions.mjs [--events N,N] [--rate N] [--seconds N] [--warm-up N] [--port N] [--separate] [--profile FOLDER]',
});

const SHIPYARD = `
stages:
  - { name: dev, deployment_strategy: blue_green_service }
  - { name: production, deployment_strategy: blue_green_service }
`;
const STRATEGIES = { teststrategy: 'functional', deploymentstrategy: 'blue_green_service' };

/** Lines of an import in one request. */
const IMPORTED = 5_000;
/** Events of one context in the log before. */
const CONTEXT_LENGTH = 20;
/** How long the last reactions may take, in milliseconds. */
const DRAIN_MS = 60_000;

/** @param {number} index */
const storedEvent = (index) => ({
  specversion: '1.0',
  id: `stored-${index}`,
  source: 'bench',
  // One in twenty is a deployment of the same service, so that every search has to find its way.
  type: index % CONTEXT_LENGTH === 0 ? TYPES.deployed : 'sh.keptn.event.of.something.else',
  time: new Date(Date.parse('2020-01-01T00:00:00Z') + index * 1_000).toISOString(),
  shkeptncontext: `stored-context-${Math.floor(index / CONTEXT_LENGTH)}`,
  data: subject('dev', { ...STRATEGIES, image: 'carts', tag: String(index), text: 'x'.repeat(500) }),
});

/** @param {GateClient} client @param {number} count */
async function store(client, count) {
  for (let from = 0; from < count; from += IMPORTED) {
    const lines = Array.from({ length: Math.min(IMPORTED, count - from) }, (_none, index) =>
      JSON.stringify(storedEvent(from + index)),
    );
    await client.post('/mongodb-datastore/event', `${lines.join('\n')}\n`, 'application/x-ndjson');
  }
}

/** A delivery as far as its tests. @param {DurableSender} sender @param {number} number */
async function deliver(sender, number) {
  const context = randomUUID();
  const image = { image: 'carts', tag: String(number) };
  const change = { valuesCanary: { image: `carts:${number}` }, canary: { action: 'set', value: 100 } };
  await sender.send(`${context} 0`, context, { type: TYPES.change, data: subject('', change) });
  await sender.send(`${context} 1`, context, {
    type: TYPES.deployed,
    data: subject('dev', { ...STRATEGIES, ...image }),
  });
  await sender.send(`${context} 2`, context, {
    type: TYPES.tested,
    data: subject('dev', { ...STRATEGIES, result: 'pass' }),
  });
  return context;
}

/** @param {number} events */
async function measure(events) {
  const system = await startSystem({
    port,
    environment: { ...environment, KEPTN_WITHOUT: 'lighthouse-service', LOG_LEVEL: 'warn' },
  });
  const client = new GateClient(system);
  await createProject(client, SHIPYARD);
  await store(client, events);
  const sender = new DurableSender(system);
  /** When the next stage was asked for, by context. @type {Map<string, number>} */
  const promotedAt = new Map();
  const stop = followEvents(system, TYPES.change, ({ shkeptncontext, data }) => {
    if (data['stage'] === 'production') promotedAt.set(shkeptncontext, performance.now());
  });
  /** @param {string} context @returns {Promise<number>} when the log had the verdict */
  const judge = async (context) => {
    const data = subject('dev', { ...STRATEGIES, result: 'pass' });
    await sender.send(`${context} 3`, context, { type: TYPES.evaluated, data });
    return performance.now();
  };
  /** @type {string[]} */
  const contexts = [];
  for (let number = 0; number < rate * (warmUp + seconds); number++) contexts.push(await deliver(sender, number));
  const warm = contexts.splice(0, rate * warmUp);
  await atRate(rate, warm.length, (index) => judge(warm[index] ?? ''));
  await drained(warm, promotedAt);

  const cpu = new CpuMeter(system.processes);
  profiling.start(system.processes.values());
  const judgedAt = await atRate(rate, contexts.length, (index) => judge(contexts[index] ?? ''));
  await drained(contexts, promotedAt);
  const cpuMsPerVerdict = cpu.millisecondsEach(contexts.length);
  const latencies = contexts.map(
    (context, index) => (promotedAt.get(context) ?? Number.POSITIVE_INFINITY) - (judgedAt[index] ?? 0),
  );
  stop();
  await system.stop();
  console.log(
    JSON.stringify({
      events,
      rate,
      verdicts: contexts.length,
      promoted: latencies.filter(Number.isFinite).length,
      cpuMsPerVerdict,
      p50Ms: rounded(percentile(latencies, 0.5)),
      p99Ms: rounded(percentile(latencies, 0.99)),
    }),
  );
}

/** @param {readonly string[]} contexts @param {ReadonlyMap<string, number>} promoted */
async function drained(contexts, promoted) {
  const deadline = performance.now() + DRAIN_MS;
  while (contexts.some((context) => !promoted.has(context)) && performance.now() < deadline) await delay(20);
}

for (const size of sizes) await measure(size);
profiling.print();
