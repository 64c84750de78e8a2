/**
 * Compares configuration-service over HTTP with a server that keeps a work tree for each stage checked out, and with one
 * that does nothing for a request: the same content, the same clients, in rounds that alternate between them. Build first
 * (`npx nx run-many -t build`).
 *
 *   node tools/bench/resources.mjs [--seconds 5] [--rounds 3] [--files 1000] [--cpu-prof]
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { load, median } from './load.mjs';
import { cpuSecondsOf } from './process-figures.mjs';
import { anyOf, pathsOf, PROJECT, readOf, seed, STAGES, writeOf } from './seeded-project.mjs';
import { ServiceUnderTest, startServer } from './service-under-test.mjs';

const HELP = `usage: node tools/bench/resources.mjs [options]
  --seconds N  how long each measurement takes (5)
  --rounds N   measurements of each kind; the medians are shown (3)
  --files N    files in each of the 4 stages (1000)
  --cpu-prof   leaves a CPU profile of the service in the current folder`;

const CLIENTS = 8;
const MANY_WRITERS = 32;
const WRITERS_BESIDE_READS = 4;

/** Milliseconds. */
const READ_P99_TARGET = 10;

/** @typedef {import('./service-under-test.mjs').Server} Server */
/** @typedef {{ name: string, next: () => import('./load.mjs').Call, clients?: number }} Operation */
/** @typedef {import('./load.mjs').Figures & { cpuMs: number }} Measurement CPU in milliseconds for each request */

/** @param {string} folder gets a work tree of each stage @param {string} repository */
async function startCheckoutServer(folder, repository) {
  const trees = join(folder, 'work-trees');
  const clone = join(folder, 'clone');
  /** @param {string[]} args */
  const git = (...args) => execFileSync('git', ['-C', clone, ...args], { stdio: 'pipe' });
  execFileSync('git', ['clone', '--no-local', '--no-checkout', repository, clone], { stdio: 'pipe' });
  git('config', 'user.name', 'keptn');
  git('config', 'user.email', 'keptn@keptn.com');
  STAGES.forEach((stage) => git('worktree', 'add', join(trees, stage), stage));
  const script = join(import.meta.dirname, 'checkout-server.mjs');
  return startServer([script, trees], {}, { log: join(folder, 'checkout-server.log'), probe: '/' });
}

/** @param {string} folder */
async function startBareServer(folder) {
  const script = join(import.meta.dirname, 'bare-server.mjs');
  return startServer([script, join(folder, 'bytes')], {}, { log: join(folder, 'bare-server.log'), probe: '/' });
}

/** @param {Server} server @param {number} seconds @param {Operation} operation @returns {Promise<Measurement>} */
async function measure({ url, pid }, seconds, { next, clients = CLIENTS }) {
  const before = cpuSecondsOf(pid);
  const figures = await load(url, { clients, seconds }, next);
  return { ...figures, cpuMs: ((cpuSecondsOf(pid) - before) / figures.requests) * 1000 };
}

/** @param {readonly Measurement[]} rounds @returns {Measurement} */
const mediansOf = (rounds) => ({
  requests: rounds.reduce((sum, { requests }) => sum + requests, 0),
  perSecond: median(rounds.map(({ perSecond }) => perSecond)),
  p50: median(rounds.map(({ p50 }) => p50)),
  p99: median(rounds.map(({ p99 }) => p99)),
  cpuMs: median(rounds.map(({ cpuMs }) => cpuMs)),
});

/** @param {string} operation @param {string} server @param {Measurement} figures */
const row = (operation, server, { requests, perSecond, p50, p99, cpuMs }) => ({
  operation,
  server,
  'requests/s': perSecond.toFixed(1),
  'p50 ms': p50.toFixed(2),
  'p99 ms': p99.toFixed(2),
  'CPU ms/request': cpuMs.toFixed(3),
  requests,
});

/**
 * Alternates between the servers.
 * @param {Operation} operation
 * @param {Record<'bare' | 'checkout' | 'service', Server>} servers
 * @param {{ seconds: number, rounds: number }} amount
 */
async function compare(operation, { bare, checkout, service }, { seconds, rounds }) {
  /** @type {Record<'bare' | 'checkout' | 'service', Measurement[]>} */
  const measured = { bare: [], checkout: [], service: [] };
  for (let round = 0; round < rounds; round += 1) {
    measured.bare.push(await measure(bare, seconds, operation));
    measured.checkout.push(await measure(checkout, seconds, operation));
    measured.service.push(await measure(service, seconds, operation));
  }
  const [floor, before, now] = [mediansOf(measured.bare), mediansOf(measured.checkout), mediansOf(measured.service)];
  const { name } = operation;
  return {
    name,
    rows: [row(name, 'nothing done', floor), row(name, 'work trees', before), row(name, 'configuration-service', now)],
    ratio: now.perSecond / before.perSecond,
    cpuRatio: before.cpuMs / now.cpuMs,
  };
}

/** @param {Server} service @param {readonly string[]} paths @param {{ seconds: number, rounds: number }} amount */
async function readsBesideWrites({ url }, paths, { seconds, rounds }) {
  const reads = [];
  for (let round = 0; round < rounds; round += 1) {
    const [read, written] = await Promise.all([
      load(url, { clients: CLIENTS - WRITERS_BESIDE_READS, seconds }, () => readOf(anyOf(STAGES), anyOf(paths))),
      load(url, { clients: WRITERS_BESIDE_READS, seconds }, () => writeOf(anyOf(STAGES), anyOf(paths))),
    ]);
    reads.push({ ...read, writes: written.perSecond });
  }
  return {
    perSecond: median(reads.map(({ perSecond }) => perSecond)),
    writes: median(reads.map(({ writes }) => writes)),
    p50: median(reads.map(({ p50 }) => p50)),
    p99: median(reads.map(({ p99 }) => p99)),
  };
}

/** @param {string} what @param {number} actual @param {number} target @param {boolean} isMet */
const verdict = (what, actual, target, isMet, unit = '') =>
  console.log(`${isMet ? 'met   ' : 'MISSED'} ${what}: ${actual.toFixed(1)}${unit} (target ${target}${unit})`);

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    files: { type: 'string', default: '1000' },
    'cpu-prof': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
const amount = { seconds: Number(values.seconds), rounds: Number(values.rounds) };
const paths = pathsOf(Number(values.files));
const subject = new ServiceUnderTest(values['cpu-prof'] ? ['--cpu-prof', `--cpu-prof-dir=${process.cwd()}`] : []);
/** @type {Server[]} */
const baselines = [];
try {
  const service = await subject.start();
  await seed(service.url, paths);
  const bare = await startBareServer(subject.folder);
  const checkout = await startCheckoutServer(subject.folder, subject.repositoryOf(PROJECT));
  baselines.push(bare, checkout);
  const read = () => readOf(anyOf(STAGES), anyOf(paths));
  const write = () => writeOf(anyOf(STAGES), anyOf(paths));
  const operations = [
    { name: 'read', next: read },
    { name: 'write, 1 client', next: write, clients: 1 },
    { name: 'write', next: write },
    { name: `write, ${MANY_WRITERS} clients`, next: write, clients: MANY_WRITERS },
  ];
  const compared = [];
  for (const operation of operations) compared.push(await compare(operation, { bare, checkout, service }, amount));
  const beside = await readsBesideWrites(service, paths, amount);
  console.log(
    `${CLIENTS} clients, ${STAGES.length} stages of ${paths.length} files, medians of ${amount.rounds} rounds`,
  );
  console.table(compared.flatMap(({ rows }) => rows));
  for (const { name, ratio, cpuRatio } of compared) {
    console.log(`${name}: ${ratio.toFixed(1)} times the work trees' throughput, ${cpuRatio.toFixed(1)} times less CPU`);
  }
  console.log(
    `${CLIENTS - WRITERS_BESIDE_READS} readers beside ${WRITERS_BESIDE_READS} writers: ${beside.perSecond.toFixed(0)} reads/s, ` +
      `${beside.writes.toFixed(0)} writes/s, reads p50 ${beside.p50.toFixed(2)} ms`,
  );
  verdict('p99 of reads beside writes', beside.p99, READ_P99_TARGET, beside.p99 < READ_P99_TARGET, ' ms');
} finally {
  for (const baseline of baselines) await baseline.stop();
  await subject.dispose();
}
