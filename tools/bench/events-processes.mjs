/** Processes to measure: the whole system, or single parts of it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { childrenOf, servicesOf } from './process-figures.mjs';

/** Pause between two looks at whether a service is ready, in milliseconds. */
const READY_POLL_MS = 50;

const READY_TIMEOUT_MS = 60_000;

/** Of services that run alone. */
const TOKEN = 'a-token-for-the-benchmark';

/** @param {string} url */
export async function untilReady(url) {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  while (performance.now() < deadline) {
    const isReady = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (isReady) return;
    await delay(READY_POLL_MS);
  }
  throw new Error(`${url} does not answer`);
}

/** @param {string[]} args of node @param {NodeJS.ProcessEnv} [environment] */
function startNode(args, environment = {}) {
  if (!existsSync(args[0] ?? '')) throw new Error(`${args[0]} is missing: run \`npx nx run-many -t build\` first`);
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // A benchmark that fails leaves nothing running.
  process.once('exit', () => child.kill('SIGKILL'));
  return child;
}

/** @param {import('node:child_process').ChildProcess} child @param {RegExp} text @returns {Promise<RegExpExecArray>} */
async function printed(child, text) {
  let output = '';
  for await (const chunk of child.stdout?.iterator({ destroyOnReturn: false }) ?? []) {
    output += String(chunk);
    const found = text.exec(output);
    if (found !== null) {
      child.stdout?.resume();
      return found;
    }
  }
  throw new Error(`ended without printing ${String(text)}:\n${output}`);
}

/** @param {import('node:child_process').ChildProcess} child @param {NodeJS.Signals} signal */
async function ended(child, signal) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, 'exit');
}

/** A folder that is gone when the benchmark has ended. */
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'keptn-bench-'));
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/**
 * Older versions have no services that react to events, and no word for leaving them out.
 *
 * @param {string} root of a working copy
 * @param {string} names of services that are left out, with commas
 * @returns {Record<string, string>} environment of the system
 */
export const withoutServices = (root, names) =>
  names !== '' && existsSync(join(root, 'apps/shipyard-controller')) ? { KEPTN_WITHOUT: names } : {};

/**
 * The whole system, from dist, as `npm start` runs it.
 *
 * @param {object} options
 * @param {number} options.port of the gateway; the services take the three above it
 * @param {Record<string, string>} [options.environment] of all processes, e.g. NODE_OPTIONS
 * @param {string} [options.folder] with its data
 * @param {string} [options.root] of another built working copy
 */
export async function startSystem({ port, environment, folder = temporaryFolder(), root = '.' }) {
  const launcher = startNode([join(root, 'dist/tools/launcher/main.js')], {
    ...environment,
    KEPTN_DATA_DIR: folder,
    KEPTN_PORT: String(port),
  });
  await printed(launcher, /Keptn is ready at/);
  const pids = [Number(launcher.pid), ...childrenOf(Number(launcher.pid))];
  return {
    folder,
    endpoint: `http://127.0.0.1:${port}/api`,
    token: readFileSync(join(folder, 'token'), 'utf8').trim(),
    /** By name; `launcher` holds the embedded store. */
    processes: new Map(pids.map((pid) => [servicesOf(pid).join(', ') || String(pid), pid])),
    stop: () => ended(launcher, 'SIGINT'),
  };
}

/** The embedded store alone. @param {string} folder with its data */
export async function startStore(folder = temporaryFolder()) {
  const store = startNode([join(import.meta.dirname, 'events-store.mjs'), folder]);
  const [, uri = ''] = await printed(store, /ready (\S+)\n/);
  return {
    uri,
    pid: Number(store.pid),
    stop: () => ended(store, 'SIGTERM'),
    kill: () => ended(store, 'SIGKILL'),
  };
}

/**
 * mongodb-datastore alone, from dist.
 *
 * @param {object} options
 * @param {number} options.port
 * @param {string} options.mongodbUri
 * @param {string} [options.logLevel]
 * @param {string} [options.root] of another built working copy
 * @param {Record<string, string>} [options.environment]
 */
export async function startDatastore({ port, mongodbUri, logLevel = 'warn', root = '.', environment = {} }) {
  const token = TOKEN;
  const service = startNode([join(root, 'dist/apps/mongodb-datastore/main.js')], {
    ...environment,
    HOST: '127.0.0.1',
    PORT: String(port),
    LOG_LEVEL: logLevel,
    KEPTN_API_TOKEN: token,
    MONGODB_URI: mongodbUri,
  });
  service.stdout?.pipe(process.stderr);
  const url = `http://127.0.0.1:${port}`;
  await untilReady(`${url}/ready`);
  return {
    url,
    token,
    pid: Number(service.pid),
    stop: () => ended(service, 'SIGTERM'),
    kill: () => ended(service, 'SIGKILL'),
  };
}

/**
 * event-broker alone, from dist; sinks may be on this machine.
 *
 * @param {{ port: number, mongodbUri: string, datastoreUrl: string, token?: string, declared?: string, natsUrl?: string }} options
 */
export async function startBroker({ port, mongodbUri, datastoreUrl, token = TOKEN, declared = '', natsUrl }) {
  const service = startNode(['dist/apps/event-broker/main.js'], {
    HOST: '127.0.0.1',
    PORT: String(port),
    LOG_LEVEL: 'fatal',
    KEPTN_API_TOKEN: token,
    MONGODB_URI: mongodbUri,
    MONGODB_DATASTORE_URL: datastoreUrl,
    DECLARED_SUBSCRIPTIONS: declared,
    ALLOWED_SINK_NETWORKS: '127.0.0.1',
    ...(natsUrl !== undefined && { NATS_URL: natsUrl }),
  });
  service.stdout?.pipe(process.stderr);
  const url = `http://127.0.0.1:${port}`;
  await untilReady(`${url}/ready`);
  return {
    url,
    pid: Number(service.pid),
    stop: () => ended(service, 'SIGTERM'),
    kill: () => ended(service, 'SIGKILL'),
  };
}

/**
 * shipyard-controller alone, from dist. Resolves at once: a replica that is killed while it starts is part of some trials.
 *
 * @param {{ port: number, systemPort: number, mongodbUri: string, token: string, environment?: Record<string, string> }} options
 *   systemPort: of the gateway of the system that it belongs to
 */
export function startShipyardController({ port, systemPort, mongodbUri, token, environment = {} }) {
  const service = startNode(['dist/apps/shipyard-controller/main.js'], {
    HOST: '127.0.0.1',
    PORT: String(port),
    LOG_LEVEL: 'fatal',
    KEPTN_API_TOKEN: token,
    MONGODB_URI: mongodbUri,
    CONFIGURATION_SERVICE_URL: `http://127.0.0.1:${systemPort + 2}`,
    MONGODB_DATASTORE_URL: `http://127.0.0.1:${systemPort + 3}`,
    ...environment,
  });
  service.stdout?.pipe(process.stderr);
  return { url: `http://127.0.0.1:${port}`, kill: () => ended(service, 'SIGKILL') };
}
