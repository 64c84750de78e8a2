/** Memory and loose objects of the service while it is read from and written to for long. */
import { load } from './load.mjs';
import { anonymousMemoryOf, memoryOf, memoryOfChildren } from './process-figures.mjs';
import { looseObjects, packs } from './repository-check.mjs';
import { anyOf, pathsOf, PROJECT, readOf, seed, STAGES, writeOf } from './seeded-project.mjs';

const STEPS = 10;
const BYTES_PER_MEBIBYTE = 1024 * 1024;
const CLIENTS = 8;
const FILES = 1_000;
/** Milliseconds between two looks at the number of loose objects. */
const LOOK_EVERY = 250;
/** Packing starts at 5,000 and takes a while; more than this many at any moment, and it does not keep up. */
const LOOSE_BOUND = 20_000;
/** Caches fill in the first half; after that the memory may grow by this share at most. */
const FLAT_WITHIN = 0.25;

/**
 * @param {import('./service-under-test.mjs').ServiceUnderTest} subject
 * @param {{ reads: number, commits: number }} amount
 * @returns {Promise<string[]>} what is not as it should be
 */
export async function growMemory(subject, { reads, commits }) {
  const { url, pid } = await subject.start();
  const repository = subject.repositoryOf(PROJECT);
  const paths = pathsOf(FILES);
  await seed(url, paths);
  const rows = [await figuresOf({ url, pid, repository }, 'start', 0, 0)];
  let mostLoose = 0;
  const watch = setInterval(() => (mostLoose = Math.max(mostLoose, looseObjects(repository))), LOOK_EVERY);
  for (let step = 1; step <= STEPS; step += 1) {
    const read = await load(url, { clients: CLIENTS, requests: reads / STEPS }, () =>
      readOf(anyOf(STAGES), anyOf(paths)),
    );
    const written = await load(url, { clients: CLIENTS, requests: commits / STEPS }, () =>
      writeOf(anyOf(STAGES), anyOf(paths)),
    );
    const name = `${(reads / STEPS) * step} reads, ${(commits / STEPS) * step} commits`;
    rows.push(await figuresOf({ url, pid, repository }, name, read.perSecond, written.perSecond));
  }
  clearInterval(watch);
  console.table(rows);
  console.log(`most loose objects at any moment: ${mostLoose}`);
  return complaintsAbout(rows, mostLoose);
}

/**
 * @param {{ url: string, pid: number, repository: string }} service
 * @param {string} after
 * @param {number} reads
 * @param {number} commits
 */
async function figuresOf({ url, pid, repository }, after, reads, commits) {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return {
    after,
    'RssAnon MiB': Math.round(anonymousMemoryOf(pid)),
    'heap MiB': mebibytesIn(metrics, 'nodejs_heap_size_used_bytes'),
    'external MiB': mebibytesIn(metrics, 'nodejs_external_memory_bytes'),
    'PSS MiB': Math.round(memoryOf(pid)),
    'git PSS MiB': Math.round(memoryOfChildren(pid)),
    'loose objects': looseObjects(repository),
    packs: packs(repository),
    'reads/s': Math.round(reads),
    'commits/s': Math.round(commits),
  };
}

/** @param {string} metrics in Prometheus' text format @param {string} name of one without labels but the service's */
const mebibytesIn = (metrics, name) =>
  Math.round(Number(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, 'm').exec(metrics)?.[1]) / BYTES_PER_MEBIBYTE);

/** @param {readonly { 'RssAnon MiB': number }[]} rows @param {number} mostLoose */
function complaintsAbout(rows, mostLoose) {
  const memory = rows.map((row) => row['RssAnon MiB']);
  const half = Math.ceil(memory.length / 2);
  const [before, after] = [Math.max(...memory.slice(0, half)), Math.max(...memory.slice(half))];
  return [
    ...(after > before * (1 + FLAT_WITHIN)
      ? [`the memory grew from ${before} to ${after} MiB in the second half`]
      : []),
    ...(mostLoose > LOOSE_BOUND ? [`${mostLoose} loose objects at a moment, more than ${LOOSE_BOUND}`] : []),
  ];
}
