/** A whole system that takes in events as fast as its clients send them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { startSystem } from './events-processes.mjs';
import { randomNumbers, realisticEvents, serviceName } from './events-realistic.mjs';
import { LeanConnection } from './lean-connection.mjs';
import { diskBytesOf, ownCpuSecondsOf, writesOf } from './process-figures.mjs';

const PROJECT = 'bench';
const SERVICES = 10;
const SHIPYARD = join(import.meta.dirname, '../first-delivery/examples/shipyard.yaml');

/** @typedef {{ name: string, cpuSeconds: number, writes: number, diskBytes: number }} Usage */

export class IngestedSystem {
  #system;
  #clients;
  #rate;
  #events = realisticEvents({ projects: [PROJECT], startMs: Date.now(), random: randomNumbers(Date.now()) });
  #acknowledged = 0;
  #storedBefore = 0;

  /**
   * @param {object} options
   * @param {number} options.port of the gateway
   * @param {number} options.clients each with one connection and one request at a time
   * @param {number | undefined} [options.rate] events a second, however many are unanswered; `clients` are of no account then
   * @param {Record<string, string>} [options.environment]
   * @param {string} [options.root] of another built working copy
   */
  static async start({ clients, rate, ...options }) {
    const ingested = new IngestedSystem(await startSystem(options), clients, rate);
    await ingested.#createProject();
    return ingested;
  }

  /** @param {Awaited<ReturnType<typeof startSystem>>} system @param {number} clients @param {number} [rate] */
  constructor(system, clients, rate) {
    this.#system = system;
    this.#clients = clients;
    this.#rate = rate;
  }

  get processes() {
    return this.#system.processes;
  }

  /** @param {number} seconds @returns {Promise<{ latencies: number[], seconds: number }>} milliseconds; how long it took in all */
  take(seconds) {
    return this.#rate === undefined ? this.#takeAsFastAsPossible(seconds) : this.#takeSteadily(seconds, this.#rate);
  }

  /** @param {number} seconds */
  async #takeAsFastAsPossible(seconds) {
    const connections = await Promise.all(Array.from({ length: this.#clients }, () => this.#connect()));
    const startedAt = performance.now();
    const end = startedAt + seconds * 1000;
    /** @type {number[]} */
    const latencies = [];
    await Promise.all(
      connections.map(async (connection) => {
        while (performance.now() < end) {
          latencies.push(await this.#takeOne(connection));
        }
        connection.close();
      }),
    );
    return { latencies, seconds: (performance.now() - startedAt) / 1000 };
  }

  /** Sends each event when it is due, over a connection of its own while others are waited for. @param {number} seconds @param {number} rate */
  async #takeSteadily(seconds, rate) {
    /** @type {LeanConnection[]} */
    const idle = [];
    /** @type {Promise<number>[]} */
    const taken = [];
    const startedAt = performance.now();
    const takeNext = async () => {
      const connection = idle.pop() ?? (await this.#connect());
      const latency = await this.#takeOne(connection);
      idle.push(connection);
      return latency;
    };
    for (let count = 0; count < rate * seconds; count++) {
      const wait = startedAt + (count * 1000) / rate - performance.now();
      if (wait > 0) await delay(wait);
      taken.push(takeNext());
    }
    const latencies = await Promise.all(taken);
    for (const connection of idle) connection.close();
    return { latencies, seconds: (performance.now() - startedAt) / 1000 };
  }

  /** @param {LeanConnection} connection @returns {Promise<number>} milliseconds */
  async #takeOne(connection) {
    const body = JSON.stringify(this.#events.next().value.event);
    const sentAt = performance.now();
    await this.#post(connection, '/v1/event', body);
    this.#acknowledged += 1;
    return performance.now() - sentAt;
  }

  /** @returns {() => Usage[]} tells what each process has used since, the load generator too, and at the end all together */
  usage() {
    const before = this.#used();
    return () => {
      const each = this.#used().map((after, index) => {
        const { cpuSeconds, writes, diskBytes } = before[index] ?? after;
        return {
          name: after.name === 'launcher' ? 'embedded store (in the launcher)' : after.name,
          cpuSeconds: after.cpuSeconds - cpuSeconds,
          writes: after.writes - writes,
          diskBytes: after.diskBytes - diskBytes,
        };
      });
      /** @param {'cpuSeconds' | 'writes' | 'diskBytes'} figure */
      const sum = (figure) => each.reduce((total, usage) => total + usage[figure], 0);
      const all = { name: 'all', cpuSeconds: sum('cpuSeconds'), writes: sum('writes'), diskBytes: sum('diskBytes') };
      return [...each, all];
    };
  }

  /** @returns {Promise<{ acknowledged: number, stored: number }>} events of the clients so far */
  async counts() {
    return { acknowledged: this.#acknowledged, stored: (await this.#storedEvents()) - this.#storedBefore };
  }

  stop() {
    return this.#system.stop();
  }

  async #createProject() {
    const connection = await this.#connect();
    const shipyard = readFileSync(SHIPYARD).toString('base64');
    await this.#post(connection, '/v1/project', JSON.stringify({ name: PROJECT, shipyard }));
    for (let index = 0; index < SERVICES; index++) {
      const body = JSON.stringify({ serviceName: serviceName(index) });
      await this.#post(connection, `/v1/project/${PROJECT}/service`, body);
    }
    connection.close();
    this.#storedBefore = await this.#storedEvents();
  }

  #connect() {
    return LeanConnection.open(this.#system.endpoint);
  }

  /** @param {LeanConnection} connection @param {string} path @param {string} body @returns {Promise<void>} */
  async #post(connection, path, body) {
    const headers = { 'content-type': 'application/json', 'x-token': this.#system.token };
    const { status, text } = await connection.post(path, headers, body);
    if (status !== 200) throw new Error(`POST ${path} answered ${status}: ${text}`);
  }

  /** @returns {Promise<number>} */
  async #storedEvents() {
    const answer = await fetch(`${this.#system.endpoint}/mongodb-datastore/event?pageSize=1`, {
      headers: { 'x-token': this.#system.token },
    });
    const { totalCount } = /** @type {{ totalCount: number }} */ (await answer.json());
    return totalCount;
  }

  /** @returns {Usage[]} of each process so far */
  #used() {
    return [...this.processes, /** @type {const} */ (['load generator', process.pid])].map(([name, pid]) => ({
      name,
      cpuSeconds: ownCpuSecondsOf(pid),
      writes: writesOf(pid),
      diskBytes: diskBytesOf(pid),
    }));
  }
}
