/**
 * Compares configuration-service over HTTP with a server that keeps a work tree for each stage checked out, and with one
 * that does nothing for a request: the same content, the same clients, in rounds that alternate between them. Build first
 * (`npx nx run-many -t build`).
 *
 *   node tools/bench/resources.mjs [--seconds 5] [--rounds 3] [--files 1000] [--cpu-prof]
 *   node tools/bench/resources.mjs --before ../keptn-a13c13c    beside an older version as well
 */
import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { load, median } from './load.mjs';
import { cpuSecondsOf } from './process-figures.mjs';
import { anyOf, pathsOf, PROJECT, readOf, seed, STAGES, writeOf } from './seeded-project.mjs';
import { ServiceUnderTest, startServer } from './service-under-test.mjs';

const HELP = `usage: node tools/bench/resources.mjs [options]
  --seconds N  how long each measurement takes (5)
  --rounds N   measurements of each kind; the medians are shown (3)
  --files N    files in each of the 4 stages (1000)
  --before R   root of a built working copy of an older version, which is measured in turn with the others
  --cpu-prof   leaves a CPU profile of the service in the current folder`;

const CLIENTS = 8;
const MANY_WRITERS = 32;
const WRITERS_BESIDE_READS = 4;

const SERVICE = 'configuration-service';

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

/** The same service of another working copy, with its store. @param {string} root @returns {Promise<ServiceUnderTest>} */
async function serviceOf(root) {
  const module = await import(pathToFileURL(join(resolve(root), 'tools/bench/service-under-test.mjs')).href);
  return new module.ServiceUnderTest();
}

/**
 * Alternates between the servers.
 * @param {Operation} operation
 * @param {ReadonlyMap<string, Server>} servers
 * @param {{ seconds: number, rounds: number }} amount
 */
async function compare(operation, servers, { seconds, rounds }) {
  /** @type {Map<string, Measurement[]>} */
  const measured = new Map([...servers.keys()].map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, server] of servers) measured.get(name)?.push(await measure(server, seconds, operation));
  }
  const medians = [...measured].map(([server, rounds]) => ({ server, figures: mediansOf(rounds) }));
  const now = mediansOf(measured.get(SERVICE) ?? []);
  const { name } = operation;
  return {
    rows: medians.map(({ server, figures }) => row(name, server, figures)),
    ratios: medians
      .filter(({ server }) => server !== SERVICE)
      .map(({ server, figures }) => {
        const [throughput, cpu] = [now.perSecond / figures.perSecond, now.cpuMs / figures.cpuMs];
        return `${name}: ${throughput.toFixed(2)} times the throughput of ${server}, at ${cpu.toFixed(2)} of its CPU`;
      }),
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
    before: { type: 'string' },
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
const earlier = values.before === undefined ? undefined : await serviceOf(values.before);
/** @type {Server[]} */
const baselines = [];
try {
  const service = await subject.start();
  await seed(service.url, paths);
  const bare = await startBareServer(subject.folder);
  const checkout = await startCheckoutServer(subject.folder, subject.repositoryOf(PROJECT));
  baselines.push(bare, checkout);
  const before = await earlier?.start();
  if (before !== undefined) await seed(before.url, paths);
  const servers = new Map([
    ['nothing done', bare],
    ['work trees', checkout],
    ...(before === undefined ? [] : [/** @type {const} */ (['before', before])]),
    [SERVICE, service],
  ]);
  const read = () => readOf(anyOf(STAGES), anyOf(paths));
  const write = () => writeOf(anyOf(STAGES), anyOf(paths));
  const operations = [
    { name: 'read', next: read },
    { name: 'write, 1 client', next: write, clients: 1 },
    { name: 'write', next: write },
    { name: `write, ${MANY_WRITERS} clients`, next: write, clients: MANY_WRITERS },
  ];
  const compared = [];
  for (const operation of operations) compared.push(await compare(operation, servers, amount));
  const beside = await readsBesideWrites(service, paths, amount);
  console.log(
    `${CLIENTS} clients, ${STAGES.length} stages of ${paths.length} files, medians of ${amount.rounds} rounds`,
  );
  console.table(compared.flatMap(({ rows }) => rows));
  for (const ratio of compared.flatMap(({ ratios }) => ratios)) console.log(ratio);
  console.log(
    `${CLIENTS - WRITERS_BESIDE_READS} readers beside ${WRITERS_BESIDE_READS} writers: ${beside.perSecond.toFixed(0)} reads/s, ` +
      `${beside.writes.toFixed(0)} writes/s, reads p50 ${beside.p50.toFixed(2)} ms`,
  );
  verdict('p99 of reads beside writes', beside.p99, READ_P99_TARGET, beside.p99 < READ_P99_TARGET, ' ms');
} finally {
  for (const baseline of baselines) await baseline.stop();
  await earlier?.dispose();
  await subject.dispose();
}
