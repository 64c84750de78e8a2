/**
 * What evaluations cost: verdicts a second of the library alone, and the whole chain from start-evaluation to evaluation-done, with
 * values in the event, against logs of different sizes.
 *
 *   node tools/bench/evaluations.mjs --events 1000,100000
 */
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { atRate, chainOptions } from './chain-load.mjs';
import { followEvents } from './event-follower.mjs';
import { percentile, rounded } from './events-figures.mjs';
import { startSystem } from './events-processes.mjs';
import { GateClient, namesOf, sloOf, valuesOf, WHERE } from './gate-under-test.mjs';
import { CpuMeter } from './process-figures.mjs';

const { sizes, rate, seconds, warmUp, port, environment, profiling, count } = chainOptions({
  usage:
    'node tools/bench/evaluations.mjs [--events N,N] [--rate N] [--seconds N] [--warm-up N] [--port N] [--separate] [--profile FOLDER] [--indicators N] [--earlier N]',
  help: `  --indicators  of an evaluation                                       default: 20
  --earlier     results that are compared with                         default: 50`,
  more: { indicators: { type: 'string', default: '20' }, earlier: { type: 'string', default: '50' } },
});
const indicators = count('indicators');
const earlier = count('earlier');

/** Evaluations of the library before and during a measurement. */
const WARM_UP = 2_000;
const MEASURED = 20_000;

/** Lines of an import in one request. */
const IMPORTED = 5_000;

/** How long the last evaluations may take, in milliseconds. */
const DRAIN_MS = 60_000;

const DONE = 'sh.keptn.events.evaluation-done';
const MICROSECONDS = 1e6;

/** @param {string} name @returns {Promise<unknown>} */
const library = (name) => import(pathToFileURL(`dist/libs/${name}/index.js`).href);

async function measureLibrary() {
  const { earlierResult, evaluate } = /** @type {typeof import('@keptn/quality-gate')} */ (
    await library('quality-gate')
  );
  const { parseSlo } = /** @type {typeof import('@keptn/event-models')} */ (await library('event-models'));
  const values = valuesOf(indicators);
  for (const results of [0, 1, earlier]) {
    const slo = parseSlo(sloOf(indicators, earlier));
    const earlierResults = Array.from({ length: results }, (_none, index) =>
      earlierResult(
        `earlier-${index}`,
        values.map(({ metric, value }) => [metric, value + (index % 7)]),
      ),
    );
    const input = { slo, values, earlier: earlierResults };
    for (let each = 0; each < WARM_UP; each++) evaluate(input);
    const before = process.cpuUsage();
    for (let each = 0; each < MEASURED; each++) evaluate(input);
    const { user, system } = process.cpuUsage(before);
    const perSecond = Math.round(MEASURED / ((user + system) / MICROSECONDS));
    console.log(JSON.stringify({ library: true, indicators, earlier: results, verdictsPerCpuSecond: perSecond }));
  }
}

/** @param {number} index */
const doneEvent = (index) => ({
  specversion: '1.0',
  id: `earlier-${index}`,
  source: 'bench',
  type: DONE,
  time: new Date(Date.parse('2020-01-01T00:00:00Z') + index * 1_000).toISOString(),
  shkeptncontext: `earlier-context-${index}`,
  data: {
    ...WHERE,
    result: 'pass',
    evaluationdetails: {
      result: 'pass',
      score: 100,
      indicatorResults: namesOf(indicators).map((metric) => ({
        value: { metric, value: 290 + (index % 20), success: true },
      })),
    },
  },
});

/** @param {number} index */
const otherEvent = (index) => ({
  ...doneEvent(index),
  id: `other-${index}`,
  type: 'sh.keptn.events.deployment-finished',
  data: { ...WHERE, service: `service-${index % 50}`, text: 'x'.repeat(500) },
});

/** @param {GateClient} client @param {number} count */
async function store(client, count) {
  for (let from = 0; from < count; from += IMPORTED) {
    const lines = Array.from({ length: Math.min(IMPORTED, count - from) }, (_none, index) => {
      const position = from + index;
      // Evaluations of the same service are among them, so that the search for earlier results has to find its way.
      return JSON.stringify(position % 20 === 0 ? doneEvent(position) : otherEvent(position));
    });
    await client.post('/mongodb-datastore/event', `${lines.join('\n')}\n`, 'application/x-ndjson');
  }
}

/** @param {number} events */
async function measureChain(events) {
  const system = await startSystem({ port, environment });
  const client = new GateClient(system);
  await client.createGate(sloOf(indicators, earlier));
  await store(client, Math.max(events, earlier * 20));
  /** @type {Map<string, number>} */
  const sentAt = new Map();
  /** @type {Map<string, number>} */
  const endedAt = new Map();
  const stop = followEvents(system, DONE, ({ shkeptncontext }) => endedAt.set(shkeptncontext, performance.now()));
  const indicatorValues = valuesOf(indicators);
  const evaluateOne = async () => {
    const sent = performance.now();
    sentAt.set(await client.startEvaluation({ indicatorValues }), sent);
  };
  await atRate(rate, rate * warmUp, evaluateOne);
  await drained(sentAt, endedAt);
  const warm = new Set(sentAt.keys());
  const cpu = new CpuMeter(system.processes);
  profiling.start(system.processes.values());
  await atRate(rate, rate * seconds, evaluateOne);
  await drained(sentAt, endedAt);
  const cpuMsPerEvaluation = cpu.millisecondsEach(rate * seconds);
  const latencies = [...sentAt].flatMap(([context, sent]) =>
    warm.has(context) ? [] : [(endedAt.get(context) ?? Number.POSITIVE_INFINITY) - sent],
  );
  stop();
  await system.stop();
  console.log(
    JSON.stringify({
      events,
      rate,
      evaluations: latencies.length,
      ended: latencies.filter(Number.isFinite).length,
      cpuMsPerEvaluation,
      p50Ms: rounded(percentile(latencies, 0.5)),
      p99Ms: rounded(percentile(latencies, 0.99)),
    }),
  );
}

/** @param {ReadonlyMap<string, number>} sent @param {ReadonlyMap<string, number>} ended */
async function drained(sent, ended) {
  const deadline = performance.now() + DRAIN_MS;
  while ([...sent.keys()].some((context) => !ended.has(context)) && performance.now() < deadline) await delay(20);
}

await measureLibrary();
for (const size of sizes) await measureChain(size);
profiling.print();
