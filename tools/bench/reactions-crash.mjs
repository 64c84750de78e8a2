/**
 * Kills shipyard-controller and event-broker, of which two replicas run, and mongodb-datastore with SIGKILL, at random times, while deliveries
 * and remediations are under way, and checks that each ends as without kills: every event that follows is there once, and no approval or
 * remediation is left open. Build first (`npx nx run-many -t build`).
 *
 *   node tools/bench/reactions-crash.mjs --kills 30
 *
 * Ends with 1 when something is missing, is there twice, or is left behind.
 */
import { randomUUID } from 'node:crypto';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startBalancer } from './balancer.mjs';
import { followEvents } from './event-follower.mjs';
import { countOf } from './events-figures.mjs';
import { startBroker, startShipyardController, startStore, startSystem, untilReady } from './events-processes.mjs';
import {
  answersTo,
  createProject,
  DurableSender,
  LAST_STAGE,
  SERVICE,
  subject,
  TYPES,
} from './execution-plane-player.mjs';
import { GateClient } from './gate-under-test.mjs';
import { familyOf, servicesOf } from './process-figures.mjs';

const HELP = `usage: node tools/bench/reactions-crash.mjs [--kills N] [--deliveries N] [--remediations N] [--port N]

  --kills         how many times a process is killed                       default: 30
  --deliveries    over three stages                                        default: 200
  --remediations  of two actions                                           default: 50
  --port          of the gateway; those above it are used as well          default: 28080`;

const { values: options } = parseArgs({
  options: {
    kills: { type: 'string', default: '30' },
    deliveries: { type: 'string', default: '200' },
    remediations: { type: 'string', default: '50' },
    port: { type: 'string', default: '28080' },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  console.log(HELP);
  process.exit(0);
}
const kills = countOf(options.kills, 'kills');
const deliveries = countOf(options.deliveries, 'deliveries');
const remediations = countOf(options.remediations, 'remediations');
const port = countOf(options.port, 'port');

/** Milliseconds between two kills, at most: processes are killed while they start, too. */
const LONGEST_PAUSE_MS = 4_000;
/** How long the last runs may take after the last kill, in milliseconds. */
const DRAIN_MS = 300_000;
/** Whoever would do something a second time has the time to, in milliseconds. */
const QUIET_MS = 5_000;
const WAIT_TIME = '2s';

process.setMaxListeners(0);
const store = await startStore();
const balancer = await startBalancer([port + 20, port + 21]);
const declared = `shipyard-controller=${balancer.url}/;types=sh.keptn.>`;
const system = await startSystem({
  port,
  environment: {
    KEPTN_WITHOUT: 'lighthouse-service,shipyard-controller',
    KEPTN_PROCESSES: 'separate',
    MONGODB_URI: store.uri,
    DECLARED_SUBSCRIPTIONS: declared,
    LOG_LEVEL: 'fatal',
  },
});
const { token } = system;
const declaredThere = `configuration-service=http://127.0.0.1:${port + 2}/v1/event;strict;from=beginning;imported;fields=project|stage|service;collect=250ms,${declared}`;
const secondBroker = () =>
  startBroker({
    port: port + 22,
    mongodbUri: store.uri,
    datastoreUrl: `http://127.0.0.1:${port + 3}`,
    token,
    declared: declaredThere,
  });
const replica = (/** @type {number} */ index) =>
  startShipyardController({
    ...{ port: port + 20 + index, systemPort: port, mongodbUri: store.uri, token },
    environment: { WAIT_TIME_MINUTES: WAIT_TIME },
  });
let broker = await secondBroker();
const controllers = [replica(0), replica(1)];
await Promise.all(controllers.map(({ url }) => untilReady(`${url}/ready`)));
await createProject(new GateClient(system));

/** How each run goes, by its context. @type {Map<string, { kind: 'delivery' | 'remediation', number: number }>} */
const runs = new Map();
const sender = new DurableSender(system);
/** @type {Set<Promise<void>>} */
const sending = new Set();

/** @param {import('./event-follower.mjs').FollowedEvent} event */
async function answer(event) {
  const run = runs.get(event.shkeptncontext);
  if (run === undefined) return;
  const answers = answersTo(event, storyOf(run.number, event)) ?? [];
  for (const [index, each] of answers.entries()) await sender.send(`${event.id} ${index}`, event.shkeptncontext, each);
}

/** @param {number} number @param {import('./event-follower.mjs').FollowedEvent} event */
const storyOf = (number, event) => ({
  verdict: (/** @type {string} */ stage) => (number % 4 === 2 && stage === 'staging' ? 'fail' : 'pass'),
  decision: number % 4 === 3 ? 'failed' : 'pass',
  // Even ones are healed by the second action, odd ones by none.
  healed: number % 2 === 0 && evaluationsBefore(event) === 1 ? 0 : 1,
});

/** Start-evaluations of each context, in the order in which they came. @type {Map<string, string[]>} */
const evaluations = new Map();

/** @param {import('./event-follower.mjs').FollowedEvent} event */
function evaluationsBefore({ id, type, shkeptncontext }) {
  if (type !== TYPES.startEvaluation) return 0;
  const ids = evaluations.get(shkeptncontext) ?? [];
  if (!ids.includes(id)) ids.push(id);
  evaluations.set(shkeptncontext, ids);
  return ids.indexOf(id);
}

const stopPlaying = followEvents(system, '', (event) => {
  const work = answer(event).finally(() => sending.delete(work));
  sending.add(work);
});

/** @param {'delivery' | 'remediation'} kind @param {number} number */
async function begin(kind, number) {
  const context = randomUUID();
  runs.set(context, { kind, number });
  const event =
    kind === 'delivery'
      ? {
          type: TYPES.change,
          data: subject('', { valuesCanary: { image: `carts:${number}` }, canary: { action: 'set', value: 100 } }),
        }
      : {
          type: TYPES.problemOpen,
          data: subject(LAST_STAGE, { State: 'OPEN', PID: `P-${number}`, ProblemTitle: 'Response time degradation' }),
        };
  await sender.send(context, context, event);
}

let isKilling = true;
const starts = [
  ...Array.from({ length: deliveries }, (_none, number) => () => begin('delivery', number)),
  ...Array.from({ length: remediations }, (_none, number) => () => begin('remediation', number)),
].sort(() => Math.random() - 0.5);
const pauseOfStarts = (kills * LONGEST_PAUSE_MS) / 2 / starts.length;
const starting = (async () => {
  for (const start of starts) {
    await start();
    if (isKilling) await delay(Math.random() * 2 * pauseOfStarts);
  }
})();

const killed = { 'shipyard-controller': 0, 'event-broker': 0, 'mongodb-datastore': 0 };
const VICTIMS = /** @type {const} */ (['shipyard-controller', 'event-broker', 'mongodb-datastore']);

/** The launcher starts what it runs again by itself. @param {string} name @returns {boolean} false when it is being started */
function killOfSystem(name) {
  const pid = familyOf(process.pid).find((each) => isService(each, name));
  if (pid === undefined) return false;
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}

/** @param {number} pid @param {string} name */
function isService(pid, name) {
  try {
    const services = servicesOf(pid);
    return services.length === 1 && services[0] === name && pid !== broker.pid;
  } catch {
    return false;
  }
}

for (let kill = 0; kill < kills;) {
  await delay(Math.random() * LONGEST_PAUSE_MS);
  // In turn, so that a few kills meet each of them.
  const victim = VICTIMS[kill % VICTIMS.length] ?? 'shipyard-controller';
  if (victim === 'shipyard-controller') {
    const index = Math.floor(Math.random() * controllers.length);
    await controllers[index]?.kill();
    controllers[index] = replica(index);
  } else if (victim === 'event-broker' && Math.random() < 0.5) {
    await broker.kill();
    broker = await secondBroker();
  } else if (!killOfSystem(victim)) {
    continue;
  }
  killed[victim]++;
  kill++;
}
isKilling = false;
await starting;

/** What each run comes to without kills: how often each type is there. @param {{ kind: string, number: number }} run */
function expectedOf({ kind, number }) {
  if (kind === 'remediation') {
    return {
      [TYPES.problemOpen]: 1,
      [TYPES.remediationTriggered]: 1,
      [TYPES.statusChanged]: 2,
      [TYPES.actionTriggered]: 2,
      [TYPES.actionFinished]: 2,
      [TYPES.startEvaluation]: 2,
      [TYPES.evaluated]: 2,
      [TYPES.remediationFinished]: 1,
    };
  }
  const [stages, changes, approvals] = [
    [3, 6, 2],
    [3, 6, 2],
    [2, 4, 1],
    [2, 4, 2],
  ][number % 4] ?? [0, 0, 0];
  return {
    [TYPES.change]: changes,
    [TYPES.deployed]: stages,
    [TYPES.tested]: stages,
    [TYPES.evaluated]: stages,
    [TYPES.approvalTriggered]: approvals,
    [TYPES.approvalFinished]: approvals,
  };
}

/** @param {string} url @returns {Promise<any>} */
async function getUrl(url) {
  const answer = await fetch(url, { headers: { 'x-token': token } });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return answer.json();
}

const get = (/** @type {string} */ path) => getUrl(system.endpoint + path);

/** @param {string} context @returns {Promise<Record<string, number>>} */
async function typesIn(context) {
  /** @type {Record<string, number>} */
  const counts = {};
  const { events } = await get(`/mongodb-datastore/event?keptnContext=${context}&pageSize=100`);
  for (const { type } of events) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}

/** Types of which there are fewer or more than expected, with the difference. @param {string} context @param {{ kind: 'delivery' | 'remediation', number: number }} run */
async function differences(context, run) {
  const [there, expected] = [await typesIn(context), expectedOf(run)];
  const types = new Set([...Object.keys(there), ...Object.keys(expected)]);
  return [...types].flatMap((type) => {
    const more = (there[type] ?? 0) - (expected[type] ?? 0);
    return more === 0 ? [] : [{ context, kind: run.kind, number: run.number, type, more }];
  });
}

async function allDifferences() {
  const found = [];
  for (const [context, run] of runs) found.push(...(await differences(context, run)));
  return found;
}

for (const deadline = Date.now() + DRAIN_MS; Date.now() < deadline; await delay(1_000)) {
  const found = await allDifferences().catch(() => undefined);
  if (found !== undefined && found.every(({ more }) => more > 0)) break;
}
await delay(QUIET_MS);
const found = await allDifferences();
const at = (/** @type {string} */ stage) => `/configuration-service/v1/project/bench/stage/${stage}/service/${SERVICE}`;
const [approvals, remediationsLeft, openRuns] = await Promise.all([
  Promise.all(['dev', 'staging', LAST_STAGE].map((stage) => get(`${at(stage)}/approval`))),
  get(`${at(LAST_STAGE)}/remediation`),
  getUrl(`${controllers[0]?.url}/v1/run?state=open&pageSize=100`),
]);
const left = {
  approvals: approvals.flatMap((page) => page.approvals).length,
  remediations: remediationsLeft.remediations.length,
  'runs shown as open': openRuns.runs.length,
};

stopPlaying();
await Promise.all([...sending]);
console.log('kills:', killed);
console.log('runs:', { deliveries, remediations });
console.log('as without kills:', runs.size - new Set(found.map(({ context }) => context)).size, 'of', runs.size);
if (found.length > 0) console.table(found.slice(0, 50));
console.log('left open:', left);
await Promise.all([...controllers.map((each) => each.kill()), broker.kill()]);
balancer.stop();
await system.stop();
await store.stop();
const isRight = found.length === 0 && Object.values(left).every((count) => count === 0);
process.exit(isRight ? 0 : 1);
