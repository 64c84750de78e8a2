/** Memory of pods, as the kubelets measure it: what `kubectl top pod` shows, also where there is no metrics server. */
import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const NAMESPACE = 'keptn';

/** A kubelet measures every ten seconds or so. In milliseconds. */
const INTERVAL = 10_000;

const MEGABYTE = 1e6;

const execute = promisify(execFile);

/** @param {string[]} args */
const kubectl = async (...args) => (await execute('kubectl', args, { maxBuffer: 2 ** 26 })).stdout;

/** @typedef {{ podRef: { namespace: string }, containers?: Container[] }} Pod */
/** @typedef {{ name: string, memory?: { workingSetBytes?: number } }} Container */

/** @returns {Promise<Record<string, number>>} the largest working set of a container, by its name, in MB */
async function workingSets() {
  const nodes = (await kubectl('get', 'nodes', '--output', 'name')).trim().split('\n');
  /** @type {Record<string, number>} */
  const largest = {};
  for (const node of nodes) {
    const summary = await kubectl('get', '--raw', `/api/v1/nodes/${node.replace('node/', '')}/proxy/stats/summary`);
    const pods = /** @type {{ pods: Pod[] }} */ (JSON.parse(summary)).pods;
    for (const { containers = [] } of pods.filter(({ podRef }) => podRef.namespace === NAMESPACE)) {
      for (const { name, memory } of containers) {
        largest[name] = Math.max(largest[name] ?? 0, Math.round((memory?.workingSetBytes ?? 0) / MEGABYTE));
      }
    }
  }
  return largest;
}

/** Looks at the memory of all pods for as long as it is on, and keeps the largest figures. */
export class MemoryWatch {
  /** @type {Record<string, number>} */
  #largest = {};
  #stop = new AbortController();
  #watching = this.#watch();

  /** @returns {Promise<string>} a line */
  async end() {
    this.#stop.abort();
    await this.#watching;
    return Object.entries(this.#largest)
      .sort()
      .map(([name, megabytes]) => `${name} ${megabytes} MB`)
      .join(', ');
  }

  async #watch() {
    while (!this.#stop.signal.aborted) {
      for (const [name, megabytes] of Object.entries(await workingSets())) {
        this.#largest[name] = Math.max(this.#largest[name] ?? 0, megabytes);
      }
      await delay(INTERVAL, undefined, { signal: this.#stop.signal }).catch(() => undefined);
    }
  }
}
