/**
 * Compares configuration-service over HTTP with a server that checks a branch out for each request, as Keptn 0.7.3 did:
 * the same content, the same clients, in rounds that alternate between the two. Build first (`npx nx run-many -t build`).
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
const WRITERS_BESIDE_READS = 4;

/** How many times as fast as the checkout server each operation has to be. */
const TARGETS = { read: 200, write: 20 };
/** Milliseconds. */
const READ_P99_TARGET = 10;

/** @typedef {import('./service-under-test.mjs').Server} Server */
/** @typedef {import('./load.mjs').Figures & { cpuMs: number }} Measurement CPU in milliseconds for each request */

/** @param {string} folder a clone of the same repository with all its branches */
async function startCheckoutServer(folder, repository = '') {
  const workTree = join(folder, 'work-tree');
  /** @param {string[]} args */
  const git = (...args) => execFileSync('git', ['-C', workTree, ...args], { stdio: 'pipe' });
  execFileSync('git', ['clone', '--no-local', repository, workTree], { stdio: 'pipe' });
  git('config', 'user.name', 'keptn');
  git('config', 'user.email', 'keptn@keptn.com');
  STAGES.forEach((stage) => git('checkout', stage));
  const script = join(import.meta.dirname, 'checkout-server.mjs');
  return startServer([script, workTree], {}, { log: join(folder, 'checkout-server.log'), probe: '/' });
}

/** @param {Server} server @param {number} seconds @param {() => import('./load.mjs').Call} next @returns {Promise<Measurement>} */
async function measure({ url, pid }, seconds, next) {
  const before = cpuSecondsOf(pid);
  const figures = await load(url, { clients: CLIENTS, seconds }, next);
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
 * Alternates between the two servers.
 * @param {{ name: string, next: () => import('./load.mjs').Call }} operation
 * @param {Record<'checkout' | 'service', Server>} servers
 * @param {{ seconds: number, rounds: number }} amount
 */
async function compare({ name, next }, { checkout, service }, { seconds, rounds }) {
  /** @type {Record<'checkout' | 'service', Measurement[]>} */
  const measured = { checkout: [], service: [] };
  for (let round = 0; round < rounds; round += 1) {
    measured.checkout.push(await measure(checkout, seconds, next));
    measured.service.push(await measure(service, seconds, next));
  }
  const [before, now] = [mediansOf(measured.checkout), mediansOf(measured.service)];
  return {
    rows: [row(name, 'checkout per request', before), row(name, 'configuration-service', now)],
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
/** @type {Server | undefined} */
let checkout;
try {
  const service = await subject.start();
  await seed(service.url, paths);
  checkout = await startCheckoutServer(subject.folder, subject.repositoryOf(PROJECT));
  const servers = { checkout, service };
  const anyRead = { name: 'read, any stage', next: () => readOf(anyOf(STAGES), anyOf(paths)) };
  const oneStage = { name: 'read, one stage', next: () => readOf('dev', anyOf(paths)) };
  const anyWrite = { name: 'write, any stage', next: () => writeOf(anyOf(STAGES), anyOf(paths)) };
  const read = await compare(anyRead, servers, amount);
  const readOne = await compare(oneStage, servers, amount);
  const write = await compare(anyWrite, servers, amount);
  const beside = await readsBesideWrites(service, paths, amount);
  console.log(
    `${CLIENTS} clients, ${STAGES.length} stages of ${paths.length} files, medians of ${amount.rounds} rounds`,
  );
  console.table([...read.rows, ...readOne.rows, ...write.rows]);
  console.log(`CPU of a request, times less: read ${read.cpuRatio.toFixed(0)}, write ${write.cpuRatio.toFixed(0)}`);
  console.log(`reads of one stage, which need no new checkout: ${readOne.ratio.toFixed(0)} times as fast`);
  console.log(
    `${CLIENTS - WRITERS_BESIDE_READS} readers beside ${WRITERS_BESIDE_READS} writers: ${beside.perSecond.toFixed(0)} reads/s, ` +
      `${beside.writes.toFixed(0)} writes/s, reads p50 ${beside.p50.toFixed(2)} ms`,
  );
  verdict('reads, times as fast', read.ratio, TARGETS.read, read.ratio >= TARGETS.read);
  verdict('writes, times as fast', write.ratio, TARGETS.write, write.ratio >= TARGETS.write);
  verdict('p99 of reads beside writes', beside.p99, READ_P99_TARGET, beside.p99 < READ_P99_TARGET, ' ms');
} finally {
  await checkout?.stop();
  await subject.dispose();
}
