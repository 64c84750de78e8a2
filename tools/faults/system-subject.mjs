/** The whole system of the build, as `npm start` runs it; texts are events, resources and subscriptions. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { familyOf } from '../bench/process-figures.mjs';
import { Refused } from './store-subject.mjs';

/** @typedef {import('./store-subject.mjs').Subject} Subject */

const LAUNCHER = fileURLToPath(new URL('../../dist/tools/launcher/main.js', import.meta.url));
const PROJECT = 'faults';
const SINK = 'https://receiver.example.org/';
const STAGE = 'dev';
const SHIPYARD = Buffer.from(`stages:\n  - name: ${STAGE}\n`).toString('base64');
/** The gateway's and those of the services above it. */
const PORTS = 8;
/** Of this many texts one is a subscription. */
const SUBSCRIPTION_EACH = 8;
/** A subscription has room for a digest only. @type {Map<string, string>} */
const textOfDigest = new Map();

/** @implements {Subject} */
export class SystemSubject {
  /** @param {import('node:child_process').ChildProcess} child @param {string} endpoint @param {string} token */
  constructor(child, endpoint, token) {
    this.child = child;
    this.endpoint = endpoint;
    this.token = token;
  }

  /** @param {string} folder @param {string} [token] that the client has; the file's at the first start */
  static async start(folder, token) {
    const port = await firstFreePort();
    const child = spawn(process.execPath, [LAUNCHER], {
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], KEPTN_DATA_DIR: folder, KEPTN_PORT: String(port) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    await untilReady(child);
    const own = token ?? readFileSync(join(folder, 'token'), 'utf8').trim();
    const subject = new SystemSubject(child, `http://127.0.0.1:${port}/api`, own);
    if (token === undefined) await subject.call('POST', '/v1/project', { name: PROJECT, shipyard: SHIPYARD });
    return subject;
  }

  get pid() {
    return Number(this.child.pid);
  }

  get hasEnded() {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** @param {string} key @param {string} text */
  write(key, text) {
    if (isSubscription(key)) return this.subscribe(key, text);
    if (!isEvent(key)) {
      return this.call('PUT', resourcePath(key), { resourceContent: Buffer.from(text).toString('base64') });
    }
    const data = { project: PROJECT, stage: STAGE, service: 'carts', text };
    return this.call('POST', '/v1/event', { type: 'faults', source: 'faults', shkeptncontext: contextOf(key), data });
  }

  /** To nothing that is ever sent. @param {string} key @param {string} text */
  subscribe(key, text) {
    const digest = createHash('sha256').update(text).digest('hex');
    textOfDigest.set(digest, text);
    const body = { name: key, sink: SINK + digest, types: ['faults.never'] };
    return this.call('POST', '/event-broker/v1/subscriptions', body);
  }

  /** @param {string} key @returns {Promise<string | undefined>} */
  async read(key) {
    if (isSubscription(key)) {
      const subscription = await this.call('GET', `/event-broker/v1/subscriptions/${key}`);
      return subscription && textOfDigest.get(subscription.sink.slice(SINK.length));
    }
    if (isEvent(key)) {
      const { events } = await this.call('GET', `/mongodb-datastore/event?keptnContext=${contextOf(key)}`);
      return events.length === 1 ? events[0].data.text : undefined;
    }
    const resource = await this.call('GET', resourcePath(key));
    return resource && Buffer.from(resource.resourceContent, 'base64').toString();
  }

  /** SIGKILL ends all of its processes at once. @param {'SIGKILL' | 'SIGTERM'} signal */
  async end(signal) {
    if (this.hasEnded) return;
    const exited = once(this.child, 'exit');
    if (signal === 'SIGKILL') for (const pid of familyOf(this.pid)) killIfThere(pid);
    else this.child.kill(signal);
    await exited;
  }

  /** @param {string} method @param {string} path @param {unknown} [body] @returns {Promise<any>} undefined for 404 */
  async call(method, path, body) {
    const response = await fetch(this.endpoint + path, {
      method,
      headers: { 'x-token': this.token, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.status === 404 && method === 'GET') return undefined;
    if (!response.ok) throw new Error(`${response.status} ${text}`);
    return JSON.parse(text || '{}');
  }
}

/** @param {string} key */
const isSubscription = (key) => Number(key.slice(1)) % SUBSCRIPTION_EACH === SUBSCRIPTION_EACH - 1;

/** @param {string} key */
const isEvent = (key) => Number(key.slice(1)) % 2 === 0;

/** @param {string} key */
const resourcePath = (key) => `/configuration-service/v1/project/${PROJECT}/stage/${STAGE}/resource/${key}`;

/** A UUID of the key's own. @param {string} key */
const contextOf = (key) =>
  createHash('md5')
    .update(key)
    .digest('hex')
    .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-8$4-$5');

/** @param {import('node:child_process').ChildProcess} child @returns {Promise<void>} */
async function untilReady(child) {
  let output = '';
  await new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk) => {
        output += String(chunk);
        if (output.includes('Keptn is ready at')) resolve(undefined);
      });
    }
    child.once('close', (code, signal) => reject(new Refused(output.trim() || `CRASHED with ${code ?? signal}`)));
  });
}

/** @param {number} pid */
function killIfThere(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** @returns {Promise<number>} the first of some ports in a row that nobody listens on */
async function firstFreePort() {
  for (;;) {
    const first = 20_000 + Math.floor(Math.random() * 12_000);
    const free = await Promise.all(Array.from({ length: PORTS }, (_, offset) => isFree(first + offset)));
    if (free.every(Boolean)) return first;
  }
}

/** @param {number} port @returns {Promise<boolean>} */
const isFree = (port) =>
  new Promise((resolve) => {
    const server = createServer()
      .once('error', () => resolve(false))
      .listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
