/** Restarts of what has several replicas, while clients read and write. */
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { REPLICATED } from './installation.mjs';
import { Load } from './load.mjs';
import { MemoryWatch } from './memory.mjs';

/** How long the load lasts before the first and after the last restart, in milliseconds. */
const AROUND = 15_000;

/**
 * @param {import('./terminal.mjs').Terminal} terminal
 * @param {import('./installation.mjs').Installation} installation
 * @returns {Promise<string>} the figures
 * @throws {Error} when a request is lost, or an event that was answered as stored
 */
export async function restartsUnderLoad(terminal, installation) {
  const { endpoint, token } = await installation.api();
  const [project = ''] = (await installation.content()).projects;
  await terminal.run(`kubectl --namespace keptn scale --replicas=2 ${REPLICATED.join(' ')}`);
  await installation.untilReady();

  const memory = new MemoryWatch();
  const load = new Load(endpoint, token, project);
  await delay(AROUND);
  for (const workload of REPLICATED) {
    await restarted(workload, terminal, installation);
  }
  await delay(AROUND);
  const { requests, lost } = await load.end();
  const largest = await memory.end();
  assert.equal(lost, 0, `${lost} of ${requests} requests were lost: ${JSON.stringify(load.answers, null, 2)}`);

  const stored = new Set((await installation.content()).events.map((event) => JSON.parse(event).id));
  const missing = load.storedEvents.filter((id) => !stored.has(id));
  assert.deepEqual(missing, [], 'events that were answered as stored are not in the log');
  return `${requests} requests, ${lost} lost
${load.storedEvents.length} events acknowledged, ${missing.length} missing in the log
most memory: ${largest}`;
}

/**
 * Restarts a workload and waits until its former pods are gone, without holding up the clients in this process.
 *
 * @param {string} workload e.g. deployment/api-service
 * @param {import('./terminal.mjs').Terminal} terminal
 * @param {import('./installation.mjs').Installation} installation
 */
async function restarted(workload, terminal, installation) {
  const name = workload.replace('deployment/', '');
  const oldPods = (await installation.podNames()).filter((pod) => pod.startsWith(`pod/${name}-`));
  await terminal.run(`kubectl --namespace keptn rollout restart ${workload}`);
  for (;;) {
    await delay(1_000);
    const now = await installation.podNames();
    if (oldPods.every((pod) => !now.includes(pod))) {
      return;
    }
  }
}
