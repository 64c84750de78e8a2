/** The built configuration-service with its store, each a process of its own. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { openSync, closeSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { findFreePorts } from '../vitest/free-ports.mjs';

const SERVICE = fileURLToPath(
  new URL('../../dist/tools/launcher/services/apps/configuration-service/main.js', import.meta.url),
);
const STORE = fileURLToPath(new URL('embedded-store.mjs', import.meta.url));

/** Milliseconds between two questions whether it is ready. */
const READY_PAUSE = 10;
/** Milliseconds. */
const READY_TIMEOUT = 120_000;
/** Characters of the log that are shown when the service does not start. */
const SHOWN_LOG = 2_000;

/** @typedef {{ readonly url: string, readonly pid: number, readonly kill: () => Promise<void>, readonly stop: () => Promise<void> }} Server */

/** @param {import('node:child_process').ChildProcess} child @param {string} url @returns {Server} */
function serverOf(child, url) {
  const exited = once(child, 'exit');
  /** @param {NodeJS.Signals} signal */
  const end = async (signal) => {
    child.kill(signal);
    await exited;
  };
  return { url, pid: Number(child.pid), kill: () => end('SIGKILL'), stop: () => end('SIGTERM') };
}

/** @param {string} folder @returns {Promise<{ uri: string, pid: number, stop: () => Promise<void> }>} */
async function startStore(folder) {
  const child = spawn(process.execPath, [STORE, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
  if (child.exitCode !== null) {
    throw new Error('the embedded store did not start: run `npx nx run-many -t build` first');
  }
  const exited = once(child, 'exit');
  const stop = async () => {
    child.stdin.end();
    await exited;
  };
  return { uri: String(line).trim(), pid: Number(child.pid), stop };
}

/**
 * Waits until a server answers 200.
 * @param {import('node:child_process').ChildProcess} child
 * @param {string} url
 * @param {() => string} explain
 */
async function ready(child, url, explain) {
  const deadline = Date.now() + READY_TIMEOUT;
  for (;;) {
    const status = await fetch(url).then(
      (response) => response.status,
      () => undefined,
    );
    if (status === 200) {
      return;
    }
    if (child.exitCode !== null || child.signalCode !== null || Date.now() > deadline) {
      throw new Error(`${url} does not get ready:\n${explain()}`);
    }
    await delay(READY_PAUSE);
  }
}

/**
 * Starts a script that listens on the PORT of its environment.
 * @param {string[]} command arguments of node
 * @param {Record<string, string>} environment
 * @param {{ log: string, probe: string }} where its output goes, and the path that answers 200 when it is ready
 * @returns {Promise<Server>}
 */
export async function startServer(command, environment, { log, probe }) {
  const port = await findFreePorts(1);
  const output = openSync(log, 'a');
  const child = spawn(process.execPath, command, {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], PORT: String(port), ...environment },
    // The channel's end tells the service that this process is gone, however it ended.
    stdio: ['ignore', output, output, 'ipc'],
  });
  closeSync(output);
  const url = `http://127.0.0.1:${port}`;
  await ready(child, url + probe, () => readFileSync(log, 'utf8').slice(-SHOWN_LOG));
  return serverOf(child, url);
}

/** A data folder of its own below the system's temporary folder, the store, and as many starts of the service as wanted. */
export class ServiceUnderTest {
  /** @type {{ uri: string, pid: number, stop: () => Promise<void> } | undefined} */
  store;
  /** @type {Server | undefined} */
  server;

  /** @param {string[]} nodeOptions for the service, such as --cpu-prof */
  constructor(nodeOptions = []) {
    this.nodeOptions = nodeOptions;
    this.folder = mkdtempSync(join(tmpdir(), 'keptn-bench-'));
  }

  /** @returns {Promise<Server>} the service, ready */
  async start() {
    if (!existsSync(SERVICE)) {
      throw new Error(`${SERVICE} is missing: run \`npx nx run-many -t build\` first`);
    }
    this.store ??= await startStore(join(this.folder, 'store'));
    const environment = {
      HOST: '127.0.0.1',
      TRUSTED_NETWORK: 'true',
      // Asked for in any case, and without use in a trusted network.
      KEPTN_API_TOKEN: randomUUID(),
      KEPTN_DATA_DIR: this.folder,
      MONGODB_URI: this.store.uri,
    };
    const where = { log: join(this.folder, 'service.log'), probe: '/ready' };
    this.server = await startServer([...this.nodeOptions, SERVICE], environment, where);
    return this.server;
  }

  /** @param {string} project the bare repository of a project */
  repositoryOf(project) {
    return join(this.folder, 'repositories', `${project}.git`);
  }

  /** Stops the service if it runs and removes everything. */
  async dispose() {
    await this.server?.stop();
    await this.store?.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
