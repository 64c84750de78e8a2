/**
 * Reads the profiles that events-profiler.mjs and `node --cpu-prof` write: where the time went, by the files of the workspace.
 * A profile goes by the clock: on a busy machine a function that waits for a processor is charged for that as well.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Entries that stand for waiting, not for work. */
const IDLE = new Set(['(idle)', '(program)', '(root)']);

/** @typedef {{ functionName: string, url: string, lineNumber: number, columnNumber: number }} CallFrame */
/** @typedef {{ id: number, callFrame: CallFrame, children?: number[] }} ProfileNode */
/** @typedef {{ nodes: ProfileNode[], samples: number[], timeDeltas: number[] }} Profile */

/** @type {Map<string, SourceMap | undefined>} */
const maps = new Map();

/** @param {string} file @returns {SourceMap | undefined} */
function sourceMapOf(file) {
  if (!maps.has(file)) {
    const path = `${file}.map`;
    maps.set(file, existsSync(path) ? new SourceMap(JSON.parse(readFileSync(path, 'utf8'))) : undefined);
  }
  return maps.get(file);
}

/** @param {CallFrame} frame @returns {{ where: string, part: string }} its place, and the file or package that it belongs to */
function placeOf({ functionName, url, lineNumber, columnNumber }) {
  if (!url.startsWith('file:')) {
    const part = url === '' ? functionName || '(native)' : url;
    return { where: `${functionName} ${url}`, part };
  }
  const file = fileURLToPath(url);
  const packageName = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/.exec(file)?.[1];
  if (packageName !== undefined)
    return { where: `${functionName} ${packageName}:${lineNumber + 1}`, part: packageName };
  const entry = sourceMapOf(file)?.findEntry(lineNumber, columnNumber);
  // A place that the bundler made itself has an entry without a source.
  if (entry === undefined || !('originalSource' in entry) || entry.originalSource === undefined) {
    return { where: `${functionName} ${file}:${lineNumber + 1}`, part: file };
  }
  const source = entry.originalSource.replace(/^(?:file:\/\/)?(?:\.\.\/)*/, '');
  return { where: `${functionName} ${source}:${entry.originalLine + 1}`, part: source };
}

/** @param {Map<string, number>} sums @param {number} total @param {number} count */
const largest = (sums, total, count) =>
  [...sums]
    .sort(([, one], [, other]) => other - one)
    .slice(0, count)
    .map(([where, time]) => ({
      where,
      milliseconds: Math.round(time / 1000),
      '% of the process': Math.round((1000 * time) / total) / 10,
    }));

/** @param {Map<string, number>} sums @param {string} key @param {number} value */
const add = (sums, key, value) => sums.set(key, (sums.get(key) ?? 0) + value);

/** @param {ProfileNode[]} nodes @returns {Map<number, ProfileNode>} by the id of the child */
const parentsOf = (nodes) => new Map(nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node])));

/** @param {CallFrame} frame */
const isOfNode = ({ url }) => url === '' || url.startsWith('node:');

/** @param {CallFrame} frame */
const isOfProfiler = ({ url }) => url.endsWith('/events-profiler.mjs');

/**
 * Charges the time of Node's own functions to whoever called them, so that a write to a socket counts for its library.
 *
 * @param {Profile} profile
 */
function summarize({ nodes, samples, timeDeltas }) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = parentsOf(nodes);
  const [parts, functions] = [new Map(), new Map()];
  let total = 0;
  for (const [index, id] of samples.entries()) {
    const stack = [];
    for (let node = byId.get(id); node !== undefined; node = parents.get(node.id)) stack.push(node.callFrame);
    const [top] = stack;
    if (top === undefined || IDLE.has(top.functionName) || stack.some(isOfProfiler)) continue;
    const caller = stack.find((frame) => !isOfNode(frame));
    const time = timeDeltas[index] ?? 0;
    const { where, part } = placeOf(caller ?? top);
    add(parts, caller === undefined && top.url !== '' ? 'Node' : part, time);
    add(functions, caller === undefined || caller === top ? where : `${top.functionName} for ${where}`, time);
    total += time;
  }
  return { parts, functions, total };
}

/**
 * Prints for each process the files, packages and functions that used most of its time.
 *
 * @param {string} folder with the profiles
 * @param {number} count lines of each table
 */
export function printProfiles(folder, count = 15) {
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.cpuprofile'))) {
    /** @type {Profile} */
    const profile = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    const main = profile.nodes.find(({ callFrame }) => /(?:apps|tools)\/[\w-]+\/main\.js$/.test(callFrame.url));
    const name = /(?:apps|tools)\/([\w-]+)\/main\.js$/.exec(main?.callFrame.url ?? '')?.[1] ?? file;
    const { parts, functions, total } = summarize(profile);
    console.log(`\n${name}: ${Math.round(total / 1000)} ms of JavaScript and its runtime`);
    console.table(largest(parts, total, count));
    console.table(largest(functions, total, count));
  }
}

/**
 * Profiles of the processes of a system.
 *
 * @param {string | undefined} path of the folder that they are written to; none are made when undefined
 */
export function profiles(path) {
  if (path === undefined) return { environment: {}, start: () => undefined, print: () => undefined };
  const folder = resolve(path);
  mkdirSync(folder, { recursive: true });
  return {
    /** What the processes have to be started with. */
    environment: {
      NODE_OPTIONS: `--import=${pathToFileURL(join(import.meta.dirname, 'events-profiler.mjs')).href}`,
      NODE_PROFILE_FOLDER: folder,
    },
    /** Begins to measure. @param {Iterable<number>} pids */
    start: (pids) => {
      for (const pid of pids) process.kill(pid, 'SIGUSR2');
    },
    /** Once the processes have ended. */
    print: () => {
      printProfiles(folder);
    },
  };
}
