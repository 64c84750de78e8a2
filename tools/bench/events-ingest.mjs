/**
 * How many events per second the whole system takes in through its gateway, each answered only when it is durable, and how
 * much processor time one event costs each process (Linux only). The load generator runs on the same machine.
 *
 *   node tools/bench/events-ingest.mjs --seconds 20
 *   node tools/bench/events-ingest.mjs --profile /tmp/profiles     where the processor time goes, by file and function
 *   node tools/bench/events-ingest.mjs --without lighthouse-service,shipyard-controller     what recording alone costs
 *   node tools/bench/events-ingest.mjs --rate 200     so many events a second, as they come, instead of as many as possible
 *   node tools/bench/events-ingest.mjs --before ../keptn-a13c13c   beside an older version, in slices that alternate
 */
import { setTimeout as delay } from 'node:timers/promises';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { countOf, percentile, rounded } from './events-figures.mjs';
import { IngestedSystem } from './events-ingested-system.mjs';
import { withoutServices } from './events-processes.mjs';
import { profiles } from './events-profile.mjs';
import { median } from './load.mjs';

const HELP = `usage: node tools/bench/events-ingest.mjs [--seconds N] [--warm-up N] [--clients N | --rate N] [--port N] [--profile FOLDER]
                                         [--without NAMES] [--before ROOT [--slices N]]

  --seconds  how long the ingest is measured                     default: 20
  --warm-up  seconds before, not measured                        default: 30
  --clients  each with one connection and one request at a time  default: 16
  --rate     events a second, each sent when it is due, whatever is unanswered
  --port     of the gateway, those above it are used as well     default: 28080
  --profile  write CPU profiles there and print what they say; the figures are lower then
  --without  services that are left out, such as those that react to events
  --before   an older built working copy; both systems run, and take their load in turn
  --slices   into which the seconds of each are divided then     default: 10`;

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '20' },
    'warm-up': { type: 'string', default: '30' },
    clients: { type: 'string', default: '16' },
    rate: { type: 'string' },
    port: { type: 'string', default: '28080' },
    profile: { type: 'string' },
    without: { type: 'string', default: '' },
    before: { type: 'string' },
    slices: { type: 'string', default: '10' },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  console.log(HELP);
  process.exit(0);
}
const seconds = countOf(options.seconds, 'seconds');
const warmUp = countOf(options['warm-up'], 'warm-up');
const clients = countOf(options.clients, 'clients');
const rate = options.rate === undefined ? undefined : countOf(options.rate, 'rate');
const port = countOf(options.port, 'port');
const load = rate === undefined ? `from ${clients} clients` : `at a steady ${rate} a second`;

/** Between the slices of two systems, in milliseconds: what an event leaves to do counts for the system that took it. */
const PAUSE_MS = 500;
/** Of the gateways of two systems. */
const PORTS_APART = 40;

const profiling = profiles(options.profile);
/** @param {string} root */
const environmentOf = (root) => withoutServices(root, options.without);

const now = await IngestedSystem.start({
  port,
  clients,
  rate,
  environment: { ...profiling.environment, ...environmentOf('.') },
});
if (options.before === undefined) await measureAlone();
else await measureInTurn(await startBefore(options.before));

/** @param {string} root */
function startBefore(root) {
  return IngestedSystem.start({ port: port + PORTS_APART, clients, rate, root, environment: environmentOf(root) });
}

async function measureAlone() {
  await now.take(warmUp);
  profiling.start(now.processes.values());
  const usage = now.usage();
  const { latencies, seconds: taken } = await now.take(seconds);
  const events = latencies.length;
  const used = usage();
  await end(now);
  profiling.print();
  console.table(
    used.map(({ name, cpuSeconds, writes, diskBytes }) => ({
      process: name,
      'CPU ms per event': rounded((1000 * cpuSeconds) / events, 3),
      '% of one core': Math.round((100 * cpuSeconds) / taken),
      'writes per event': rounded(writes / events),
      'KiB to disk per event': rounded(diskBytes / 1024 / events),
    })),
  );
  console.log(
    `${Math.round(events / taken)} events/s ${load}, ` +
      `p50 ${rounded(percentile(latencies, 0.5))} ms, p99 ${rounded(percentile(latencies, 0.99))} ms`,
  );
}

/** @param {IngestedSystem} before */
async function measureInTurn(before) {
  const slices = countOf(options.slices, 'slices');
  /** @type {{ before: Slice[], now: Slice[] }} */
  const figures = { before: [], now: [] };
  for (const system of [before, now]) await system.take(warmUp);
  for (let slice = 0; slice < slices; slice++) {
    const turns = /** @type {const} */ ([
      ['before', before],
      ['now', now],
    ]);
    // Whoever comes second finds a machine that has just worked.
    for (const [name, system] of slice % 2 === 0 ? turns : turns.toReversed()) {
      figures[name].push(await measureSlice(system, seconds / slices));
    }
  }
  await end(before);
  await end(now);
  /** @param {keyof Slice} figure */
  const row = (figure) => {
    const ratios = figures.now.map((each, index) => each[figure] / (figures.before[index]?.[figure] ?? NaN));
    return {
      before: rounded(median(figures.before.map((each) => each[figure]))),
      now: rounded(median(figures.now.map((each) => each[figure]))),
      'now / before': rounded(median(ratios), 2),
      lowest: rounded(Math.min(...ratios), 2),
      highest: rounded(Math.max(...ratios), 2),
    };
  };
  console.log(`events ${load}, medians of ${slices} slices of ${rounded(seconds / slices)} s`);
  console.table({
    'events/s': row('perSecond'),
    'p50, ms': row('p50'),
    'p99, ms': row('p99'),
    'CPU of all, ms per event': row('cpuMs'),
  });
}

/** @typedef {{ perSecond: number, p50: number, p99: number, cpuMs: number }} Slice CPU of one event, all in milliseconds */

/** @param {IngestedSystem} system @param {number} seconds @returns {Promise<Slice>} */
async function measureSlice(system, seconds) {
  await delay(PAUSE_MS);
  const usage = system.usage();
  const { latencies, seconds: taken } = await system.take(seconds);
  await delay(PAUSE_MS);
  return {
    perSecond: latencies.length / taken,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    cpuMs: (1000 * (usage().at(-1)?.cpuSeconds ?? NaN)) / latencies.length,
  };
}

/** @param {IngestedSystem} system */
async function end(system) {
  const { acknowledged, stored } = await system.counts();
  await system.stop();
  console.log(`${acknowledged} events acknowledged, ${stored} stored with what services made of them`);
  if (stored < acknowledged) process.exitCode = 1;
}
