/**
 * How long the built system takes to be ready, and how much memory and CPU time it takes when idle (Linux only, from /proc).
 *
 *   npm run bench:footprint
 *
 * The baseline is a Node process that does nothing but wake ten times a second, started in the same run.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { childrenOf, cpuSecondsOf, memoryOf, servicesOf } from './process-figures.mjs';

const FIRST_PORT = 28_080;

/** How long the system is left alone before it is measured, in milliseconds: V8 gives memory of the start back meanwhile. */
const SETTLING_MS = 60_000;

/** How long its CPU time is measured, in milliseconds. */
const IDLE_MS = 30_000;

/** @param {number} pid */
const nameOf = (pid) => servicesOf(pid).join(', ') || `git of ${pid}`;

/** @param {number} pid @returns {[name: string, mebibytes: number][]} */
const measure = (pid) => [[nameOf(pid), memoryOf(pid)], ...childrenOf(pid).flatMap(measure)];

/** @param {import('node:child_process').ChildProcess} child @param {string} text */
async function printed(child, text) {
  let output = '';
  for await (const chunk of child.stdout ?? []) {
    output += chunk;
    if (output.includes(text)) {
      return;
    }
  }
  throw new Error(`ended without printing "${text}":\n${output}`);
}

const folder = mkdtempSync(join(tmpdir(), 'keptn-footprint-'));
const baseline = spawn(process.execPath, ['-e', 'console.log("ready"); setInterval(() => {}, 100)']);
const baselineStart = performance.now();
await printed(baseline, 'ready');
const baselineMs = performance.now() - baselineStart;

const startedAt = performance.now();
const launcher = spawn(process.execPath, ['dist/tools/launcher/main.js'], {
  env: { ...process.env, KEPTN_DATA_DIR: folder, KEPTN_PORT: String(FIRST_PORT) },
  stdio: ['ignore', 'pipe', 'inherit'],
});
await printed(launcher, 'Keptn is ready at');
const readyMs = performance.now() - startedAt;
await delay(SETTLING_MS);
const cpuSeconds = () => [launcher, baseline].map(({ pid }) => cpuSecondsOf(Number(pid)));
const cpuBefore = cpuSeconds();
await delay(IDLE_MS);
const [atRest = '', baselineAtRest = ''] = cpuSeconds().map((seconds, index) =>
  (((seconds - (cpuBefore[index] ?? 0)) / IDLE_MS) * 100_000).toFixed(2),
);

const baselineMemory = memoryOf(Number(baseline.pid));
const rows = measure(Number(launcher.pid)).map(([name, memory]) => ({
  process: name === 'launcher' ? 'launcher with embedded store' : name,
  'MiB (PSS)': Math.round(memory),
  'times an idle Node': (memory / baselineMemory).toFixed(1),
}));
const total = rows.reduce((sum, row) => sum + row['MiB (PSS)'], 0);
console.table([
  ...rows,
  { process: 'all', 'MiB (PSS)': total, 'times an idle Node': (total / baselineMemory).toFixed(1) },
]);
console.log(`idle Node: ${Math.round(baselineMemory)} MiB, started in ${Math.round(baselineMs)} ms`);
console.log(`start to ready: ${Math.round(readyMs)} ms, ${(readyMs / baselineMs).toFixed(1)} times an idle Node`);

console.log(`at rest: ${atRest} % of a core, the idle Node ${baselineAtRest} %`);

const stoppedAt = performance.now();
launcher.kill('SIGINT');
baseline.kill();
await once(launcher, 'exit');
console.log(`Ctrl-C to the end: ${Math.round(performance.now() - stoppedAt)} ms`);
rmSync(folder, { recursive: true });
