/**
 * Kills api-service, configuration-service and the gateway with SIGKILL, at random, while a named token writes resources, and compares the audit
 * log with Git afterwards: no commit without its entry, no entry of something that did not happen, unless it says so. Build first
 * (`npx nx run-many -t build`).
 *
 *   node tools/bench/audit-crash.mjs --kills 20
 *
 * Ends with 1 on any violation.
 */
import { Buffer } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { countOf } from './events-figures.mjs';
import { startStore, startSystem, untilReady } from './events-processes.mjs';
import { GateClient } from './gate-under-test.mjs';
import { familyOf, servicesOf } from './process-figures.mjs';
import { commitsByRequest } from './repository-check.mjs';

const HELP = `usage: node tools/bench/audit-crash.mjs [--kills N] [--writers N] [--port N]

  --kills    how many times a process is killed                       default: 20
  --writers  clients that write, each on a file of its own            default: 8
  --port     of the gateway; those above it are used as well          default: 28080`;

const { values: options } = parseArgs({
  options: {
    kills: { type: 'string', default: '20' },
    writers: { type: 'string', default: '8' },
    port: { type: 'string', default: '28080' },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  console.log(HELP);
  process.exit(0);
}
const kills = countOf(options.kills, 'kills');
const writers = countOf(options.writers, 'writers');
const port = countOf(options.port, 'port');

const PROJECT = 'audited';
const STAGE = 'dev';
const VICTIMS = ['api-service', 'configuration-service', 'api-gateway'];

/** Milliseconds between two kills, at most: processes are killed while they start, too. */
const LONGEST_PAUSE_MS = 3_000;
/** A writer that was refused tries again after this time, in milliseconds. */
const RETRY_MS = 50;
/** What is under way at the last kill ends within this time, in milliseconds. */
const QUIET_MS = 5_000;
const SHOWN_VIOLATIONS = 20;

/** @typedef {{ requestId: string, outcome: string, version?: string }} Entry */

process.setMaxListeners(0);
const store = await startStore();
const system = await startSystem({
  port,
  environment: { KEPTN_PROCESSES: 'separate', MONGODB_URI: store.uri, LOG_LEVEL: 'fatal' },
});
const admin = new GateClient(system);
const base64 = (/** @type {string} */ text) => Buffer.from(text).toString('base64');
await admin.post('/v1/project', { name: PROJECT, shipyard: base64(`stages: [{name: ${STAGE}}]`) });
const writer = /** @type {{ token: string }} */ (
  await admin.post('/v1/token', { name: 'writer', role: 'editor', projects: [PROJECT] })
);

/** Acknowledged writes, with the version that the answer named, by request. @type {Map<string, string>} */
const acknowledged = new Map();
/** Writes that were answered with a failure, or not at all. @type {Set<string>} */
const unanswered = new Set();
let isWriting = true;

/** @param {number} index @param {number} round */
async function write(index, round) {
  const requestId = randomUUID();
  const path = `/configuration-service/v1/project/${PROJECT}/stage/${STAGE}/resource/file-${index}.txt`;
  try {
    const answer = await fetch(system.endpoint + path, {
      method: 'PUT',
      headers: { 'x-token': writer.token, 'content-type': 'application/json', 'x-request-id': requestId },
      body: JSON.stringify({ resourceContent: base64(`${index} ${round}`) }),
    });
    const text = await answer.text();
    if (answer.ok) acknowledged.set(requestId, JSON.parse(text).version);
    else throw new Error(text);
  } catch {
    unanswered.add(requestId);
    await delay(RETRY_MS);
  }
}

const writing = Array.from({ length: writers }, async (_none, index) => {
  for (let round = 0; isWriting; round++) await write(index, round);
});

/** The launcher starts what it runs again by itself. @param {string} name @returns {boolean} false when it is being started */
function kill(name) {
  const pid = familyOf(process.pid).find((each) => {
    try {
      const services = servicesOf(each);
      return services.length === 1 && services[0] === name;
    } catch {
      return false;
    }
  });
  if (pid === undefined) return false;
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}

/** @type {Record<string, number>} */
const killed = {};
for (let count = 0; count < kills;) {
  await delay(Math.random() * LONGEST_PAUSE_MS);
  const victim = VICTIMS[Math.floor(Math.random() * VICTIMS.length)] ?? 'api-service';
  if (!kill(victim)) continue;
  killed[victim] = (killed[victim] ?? 0) + 1;
  count++;
}
isWriting = false;
await Promise.all(writing);
await untilReady(`${system.endpoint.replace(/\/api$/, '')}/ready`);
await delay(QUIET_MS);

/** Entries of the writer, by request. @returns {Promise<Map<string, Entry[]>>} */
async function entriesByRequest() {
  const headers = { 'x-token': system.token, accept: 'application/x-ndjson' };
  const answer = await fetch(`${system.endpoint}/v1/audit?actor=writer`, { headers });
  if (!answer.ok) throw new Error(`the audit log answered ${answer.status}`);
  /** @type {Map<string, Entry[]>} */
  const entries = new Map();
  for (const line of (await answer.text()).split('\n').filter((each) => each !== '')) {
    const entry = /** @type {Entry} */ (JSON.parse(line));
    entries.set(entry.requestId, [...(entries.get(entry.requestId) ?? []), entry]);
  }
  return entries;
}

const entries = await entriesByRequest();
const commits = commitsByRequest(join(system.folder, 'repositories', `${PROJECT}.git`), STAGE);
const requests = new Set([...acknowledged.keys(), ...unanswered]);
const ofWriters = [...commits].filter(([request]) => requests.has(request));
/** @param {string} outcome */
const entriesWith = (outcome) => [...entries.values()].flat().filter((entry) => entry.outcome === outcome);

const violations = [
  ...ofWriters.filter(([request]) => !entries.has(request)).map(([request]) => `${request}: a commit without an entry`),
  ...[...acknowledged.keys()].filter((id) => !entries.has(id)).map((id) => `${id}: acknowledged without an entry`),
  ...entriesWith('done')
    .filter(({ requestId, version }) => version !== undefined && commits.get(requestId)?.join() !== version)
    .map(
      ({ requestId, version }) =>
        `${requestId}: done as ${version}, Git has ${commits.get(requestId)?.join() ?? 'nothing'}`,
    ),
  ...entriesWith('refused')
    .filter(({ requestId }) => commits.has(requestId))
    .map(({ requestId }) => `${requestId}: refused, and there is a commit`),
];

console.log('kills:', killed);
console.log('writes:', {
  acknowledged: acknowledged.size,
  'failed or unanswered': unanswered.size,
  commits: ofWriters.length,
});
console.log(
  'entries:',
  Object.fromEntries(['done', 'begun', 'refused', 'failed'].map((each) => [each, entriesWith(each).length])),
);
console.log('violations:', violations.length);
for (const violation of violations.slice(0, SHOWN_VIOLATIONS)) console.log(' ', violation);
await system.stop();
await store.stop();
process.exit(violations.length === 0 ? 0 : 1);
