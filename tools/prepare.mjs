/**
 * What `npm start` and `npm test` need before anything else: a Node that is new enough, and the packages of the lock file.
 * Uses nothing but Node itself.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** The first release of each line that vite and vitest run on, and that has require(esm); lines without one are refused. */
const OLDEST_NODE = new Map([
  [20, 19],
  [22, 12],
  [24, 0],
]);

/** Top folder of the workspace. */
export const workspace = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Holds the digest of the lock file whose packages are installed. */
const installedMark = join(workspace, 'node_modules', '.installed-lock-file');

/** Ends the process with a word of advice when nothing here runs on this Node. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const oldestMinor = OLDEST_NODE.get(major) ?? (major > Math.max(...OLDEST_NODE.keys()) ? 0 : Infinity);
  if (minor < oldestMinor) {
    const releases = [...OLDEST_NODE].map((release) => release.join('.')).join(', ');
    console.error(`Keptn needs Node ${releases} or newer, but this is ${process.versions.node}`);
    process.exit(1);
  }
}

/** Installs the packages of the lock file unless they are installed already. */
export function installPackages() {
  const digest = createHash('sha256')
    .update(readFileSync(join(workspace, 'package-lock.json')))
    .digest('hex');
  if (existsSync(installedMark) && readFileSync(installedMark, 'utf8') === digest) {
    return;
  }
  console.log('Installing the packages of package-lock.json (once) ...');
  // What builds and tests is among them, whatever NODE_ENV or the configuration of npm leaves out.
  run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(installedMark, digest);
}

/** Programs of the workspace's packages come before those of the system. */
const environment = () => ({
  ...process.env,
  PATH: [join(workspace, 'node_modules', '.bin'), process.env['PATH']].join(delimiter),
});

/**
 * Runs a command of the workspace and ends this process when it fails.
 *
 * @param {string} command found in node_modules/.bin or PATH
 * @param {readonly string[]} args
 * @param {{ quietly?: boolean }} [options] quietly: show what it prints only when it fails
 */
export function run(command, args, { quietly = false } = {}) {
  const result = spawnSync(command, args, {
    cwd: workspace,
    env: environment(),
    stdio: quietly ? 'pipe' : 'inherit',
    encoding: 'utf8',
  });
  if (quietly && result.status !== 0) {
    console.error(`${result.stdout ?? ''}${result.stderr ?? ''}`);
  }
  if (result.error !== undefined) {
    console.error(`${command} cannot be run: ${result.error.message}`);
  }
  if (result.status !== 0) {
    process.exit(result.status ?? 1);
  }
}

/**
 * Starts a command of the workspace beside others.
 *
 * @param {string} command found in node_modules/.bin or PATH
 * @param {readonly string[]} args
 * @param {{ quietly?: boolean }} [options] quietly: keep what it prints for `output`
 * @returns {{ pid: number | undefined, ended: Promise<number>, output: () => string }} `ended` has its exit code; 1 when it
 *   cannot be run, or a signal ended it
 */
export function start(command, args, { quietly = false } = {}) {
  const child = spawn(command, args, { cwd: workspace, env: environment(), stdio: quietly ? 'pipe' : 'inherit' });
  /** @type {Buffer[]} */
  const printed = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => printed.push(chunk));
  }
  const ended = new Promise((resolve) => {
    child.once('error', (error) => {
      console.error(`${command} cannot be run: ${error.message}`);
      resolve(1);
    });
    child.once('close', (code) => resolve(code ?? 1));
  });
  return { pid: child.pid, ended, output: () => Buffer.concat(printed).toString() };
}
