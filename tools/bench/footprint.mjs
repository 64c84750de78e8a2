/**
 * How long the built system takes to be ready, and how much memory and CPU time it takes when idle (Linux only, from /proc).
 *
 *   npm run bench:footprint
 *
 * The baseline of both is an idle Node process that does nothing, started in the same run.
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

/** How long the system is left alone before it is measured, and how long its CPU time is measured; in milliseconds. */
const IDLE_MS = 10_000;

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
const baseline = spawn(process.execPath, ['-e', 'console.log("ready"); setInterval(() => {}, 1e6)']);
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
await delay(IDLE_MS);
const cpuBefore = cpuSecondsOf(Number(launcher.pid));
await delay(IDLE_MS);
const cpuAtRest = (cpuSecondsOf(Number(launcher.pid)) - cpuBefore) / (IDLE_MS / 1000);

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

console.log(`at rest: ${(cpuAtRest * 100).toFixed(1)} % of a core`);

const stoppedAt = performance.now();
launcher.kill('SIGINT');
baseline.kill();
await once(launcher, 'exit');
console.log(`Ctrl-C to the end: ${Math.round(performance.now() - stoppedAt)} ms`);
rmSync(folder, { recursive: true });
