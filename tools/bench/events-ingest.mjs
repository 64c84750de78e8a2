/**
 * How many events per second the whole system takes in through its gateway, each answered only when it is durable, and how
 * much processor time one event costs each process (Linux only). The load generator runs on the same machine.
 *
 *   node tools/bench/events-ingest.mjs --seconds 20
 *   node tools/bench/events-ingest.mjs --profile /tmp/profiles     where the processor time goes, by file and function
 *   node tools/bench/events-ingest.mjs --without lighthouse-service,shipyard-controller     what recording alone costs
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { countOf, percentile, rounded } from './events-figures.mjs';
import { startSystem } from './events-processes.mjs';
import { profiles } from './events-profile.mjs';
import { randomNumbers, realisticEvents, serviceName } from './events-realistic.mjs';
import { LeanConnection } from './lean-connection.mjs';
import { diskBytesOf, ownCpuSecondsOf, writesOf } from './process-figures.mjs';

const HELP = `usage: node tools/bench/events-ingest.mjs [--seconds N] [--warm-up N] [--clients N] [--port N] [--profile FOLDER]
                                         [--without NAMES]

  --seconds  how long the ingest is measured                     default: 20
  --warm-up  seconds before, not measured                        default: 30
  --clients  each with one connection and one request at a time  default: 16
  --port     of the gateway, the three above it are used as well default: 28080
  --profile  write CPU profiles there and print what they say; the figures are lower then
  --without  services that are left out, such as those that react to events`;

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '20' },
    'warm-up': { type: 'string', default: '30' },
    clients: { type: 'string', default: '16' },
    port: { type: 'string', default: '28080' },
    profile: { type: 'string' },
    without: { type: 'string', default: '' },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  console.log(HELP);
  process.exit(0);
}
const measuredMs = countOf(options.seconds, 'seconds') * 1000;
const warmUpMs = countOf(options['warm-up'], 'warm-up') * 1000;
const clientCount = countOf(options.clients, 'clients');

const PROJECT = 'bench';
const SHIPYARD = join(import.meta.dirname, '../first-delivery/examples/shipyard.yaml');

const profiling = profiles(options.profile);
const system = await startSystem({
  port: countOf(options.port, 'port'),
  environment: { ...profiling.environment, ...(options.without !== '' && { KEPTN_WITHOUT: options.without }) },
});
const connections = await Promise.all(Array.from({ length: clientCount }, () => LeanConnection.open(system.endpoint)));

/** @param {LeanConnection} connection @param {string} path @param {string} body @returns {Promise<void>} */
async function post(connection, path, body) {
  const { status, text } = await connection.post(
    path,
    { 'content-type': 'application/json', 'x-token': system.token },
    body,
  );
  if (status !== 200) throw new Error(`POST ${path} answered ${status}: ${text}`);
}

/** @returns {Promise<number>} */
async function storedEvents() {
  const answer = await fetch(`${system.endpoint}/mongodb-datastore/event?pageSize=1`, {
    headers: { 'x-token': system.token },
  });
  const { totalCount } = /** @type {{ totalCount: number }} */ (await answer.json());
  return totalCount;
}

/** @returns {Map<string, { cpuSeconds: number, writes: number, diskBytes: number }>} what each process has used so far */
const used = () =>
  new Map(
    [...system.processes, /** @type {const} */ (['load generator', process.pid])].map(([name, pid]) => [
      name,
      { cpuSeconds: ownCpuSecondsOf(pid), writes: writesOf(pid), diskBytes: diskBytesOf(pid) },
    ]),
  );

const [first] = connections;
if (first === undefined) throw new RangeError('--clients must be at least 1');
await post(
  first,
  '/v1/project',
  JSON.stringify({ name: PROJECT, shipyard: readFileSync(SHIPYARD).toString('base64') }),
);
for (let index = 0; index < 10; index++) {
  await post(first, `/v1/project/${PROJECT}/service`, JSON.stringify({ serviceName: serviceName(index) }));
}
const before = await storedEvents();
const source = realisticEvents({ projects: [PROJECT], startMs: Date.now(), random: randomNumbers(Date.now()) });
/** @type {number[]} */
let latencies = [];
let acknowledged = 0;
const end = performance.now() + warmUpMs + measuredMs;
/** @param {LeanConnection} connection */
const client = async (connection) => {
  while (performance.now() < end) {
    const body = JSON.stringify(source.next().value.event);
    const sentAt = performance.now();
    await post(connection, '/v1/event', body);
    latencies.push(performance.now() - sentAt);
    acknowledged += 1;
  }
};
/** @type {ReturnType<typeof used>} */
let usedBefore = new Map();
let startedAt = 0;
setTimeout(() => {
  profiling.start(system.processes.values());
  [latencies, startedAt, usedBefore] = [[], performance.now(), used()];
}, warmUpMs);
await Promise.all(connections.map(client));
const seconds = (performance.now() - startedAt) / 1000;
const usedAfter = used();
const events = latencies.length;
const stored = (await storedEvents()) - before;
for (const connection of connections) connection.close();
await system.stop();

/** @type {[name: string, cpuSeconds: number, writes: number, diskBytes: number][]} */
const differences = [...usedAfter].map(([name, after]) => {
  const before = usedBefore.get(name) ?? after;
  return [
    name === 'launcher' ? 'embedded store (in the launcher)' : name,
    after.cpuSeconds - before.cpuSeconds,
    after.writes - before.writes,
    after.diskBytes - before.diskBytes,
  ];
});
/** @param {1 | 2 | 3} column */
const sum = (column) => differences.reduce((total, row) => total + row[column], 0);
differences.push(['all', sum(1), sum(2), sum(3)]);
profiling.print();
console.table(
  differences.map(([name, cpuSeconds, writes, diskBytes]) => ({
    process: name,
    'CPU ms per event': rounded((1000 * cpuSeconds) / events, 3),
    '% of one core': Math.round((100 * cpuSeconds) / seconds),
    'writes per event': rounded(writes / events),
    'KiB to disk per event': rounded(diskBytes / 1024 / events),
  })),
);
console.log(
  `${Math.round(events / seconds)} events/s from ${clientCount} clients, ` +
    `p50 ${rounded(percentile(latencies, 0.5))} ms, p99 ${rounded(percentile(latencies, 0.99))} ms`,
);
console.log(`${acknowledged} events acknowledged, ${stored} stored`);
if (acknowledged !== stored) process.exitCode = 1;
