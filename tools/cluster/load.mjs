/** Clients that read and write without a pause, and count what was not answered as it should be. */
import { randomUUID } from 'node:crypto';
import { Agent, fetch } from 'undici';

/** Enough that at every moment requests are under way, on connections that are kept and on new ones. */
const CLIENTS = 8;

/**
 * A connection on which nothing happens is given up before a server that ends closes it (SHUTDOWN_DELAY_MS), which could cross
 * a request on its way. In milliseconds.
 */
const IDLE_CONNECTION = 2_000;

export class Load {
  #connections = new Agent({ keepAliveTimeout: IDLE_CONNECTION, keepAliveMaxTimeout: IDLE_CONNECTION });
  /** Answers by what came: a status, or why there was none. @type {Record<string, number>} */
  answers = {};
  /** Ids of events that were answered as stored. @type {string[]} */
  storedEvents = [];
  #isOn = true;
  /** @type {Promise<void>[]} */
  #clients;

  /**
   * @param {string} endpoint
   * @param {string} token
   * @param {string} project
   */
  constructor(endpoint, token, project) {
    const headers = { 'x-token': token, 'content-type': 'application/json' };
    const readEvents = () =>
      this.#ask(`${endpoint}/mongodb-datastore/event?project=${project}&pageSize=1`, { headers });
    const readMetadata = () => this.#ask(`${endpoint}/v1/metadata`, { headers });
    const resources = `${endpoint}/configuration-service/v1/project/${project}/resource`;
    const readResource = () => this.#ask(`${resources}/shipyard.yaml`, { headers });
    const writeResource = () => {
      const resource = { resourceURI: 'load.txt', resourceContent: Buffer.from(randomUUID()).toString('base64') };
      return this.#ask(resources, { method: 'PUT', headers, body: JSON.stringify({ resources: [resource] }) });
    };
    const writeEvent = async () => {
      const id = randomUUID();
      const event = { id, type: 'sh.keptn.event.load', source: 'load', specversion: '0.2', data: { project } };
      if (await this.#ask(`${endpoint}/v1/event`, { method: 'POST', headers, body: JSON.stringify(event) })) {
        this.storedEvents.push(id);
      }
    };
    const kinds = [readEvents, writeEvent, readMetadata, readResource, writeResource];
    this.#clients = Array.from({ length: CLIENTS }, async (_, index) => {
      for (let turn = index; this.#isOn; turn++) {
        await kinds[turn % kinds.length]?.();
      }
    });
  }

  /** @returns {Promise<{ requests: number, lost: number }>} lost: not answered, or not with success */
  async end() {
    this.#isOn = false;
    await Promise.all(this.#clients);
    await this.#connections.close();
    const requests = Object.values(this.answers).reduce((sum, count) => sum + count, 0);
    return { requests, lost: requests - (this.answers['200'] ?? 0) };
  }

  /**
   * @param {string} url
   * @param {import('undici').RequestInit} init
   * @returns {Promise<boolean>} whether it was answered with success
   */
  async #ask(url, init) {
    let outcome;
    try {
      const response = await fetch(url, {
        ...init,
        dispatcher: this.#connections,
        signal: AbortSignal.timeout(30_000),
      });
      const text = await response.text();
      outcome = response.ok ? '200' : `${response.status} ${text}`;
    } catch (error) {
      outcome = error instanceof Error ? `${error.message} ${String(error.cause ?? '')}` : String(error);
    }
    this.answers[outcome] = (this.answers[outcome] ?? 0) + 1;
    return outcome === '200';
  }
}
