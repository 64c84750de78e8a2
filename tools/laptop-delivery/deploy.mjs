/** Deploys carts on this machine: replaces the one of the stage, and prints where the new one answers. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { eventOnStdin } from './event-on-stdin.mjs';

const STAGES = ['dev', 'staging', 'production'];

/** Between two looks whether a service is there, in milliseconds. */
const POLL_MS = 50;

const { data } = await eventOnStdin();
// A new artifact without a stage goes into the first one.
const stage = data.stage || 'dev';
const version = /:([^:/]+)$/.exec(data.valuesCanary?.image ?? '')?.[1] ?? 'latest';
const port = Number(process.env['FIRST_PORT']) + STAGES.indexOf(stage);
const url = `http://localhost:${port}`;

await fetch(url, { method: 'DELETE' }).catch(() => undefined);
while (await isThere()) await delay(POLL_MS);
const service = spawn(process.execPath, [join(import.meta.dirname, 'carts.mjs'), stage, version, String(port)], {
  detached: true,
  stdio: 'ignore',
});
service.unref();
while (!(await isThere())) {
  if (service.exitCode !== null) throw new Error(`carts ended: is port ${port} taken?`);
  await delay(POLL_MS);
}
console.log(JSON.stringify({ deploymentURILocal: url }));

/** @returns {Promise<boolean>} */
function isThere() {
  return fetch(url).then(
    async (answer) => (await answer.arrayBuffer(), true),
    () => false,
  );
}
