/**
 * Kills one of two replicas of lighthouse-service again and again while evaluations are under way, and counts how they end: each
 * start must have exactly one evaluation-done.
 *
 *   node tools/bench/evaluations-crash.mjs
 */
import { spawn } from 'node:child_process';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startBalancer } from './balancer.mjs';
import { followEvents } from './event-follower.mjs';
import { countOf } from './events-figures.mjs';
import { startSystem, untilReady } from './events-processes.mjs';
import { GateClient, sloOf, valuesOf, WHERE } from './gate-under-test.mjs';

const HELP = `usage: node tools/bench/evaluations-crash.mjs [--kills N] [--in-flight N] [--port N]

  --kills      kill -9 of a replica, in turn                             default: 20
  --in-flight  evaluations that are under way at the same time           default: 100
  --port       of the gateway; those above it are used as well           default: 28080`;

const { values: options } = parseArgs({
  options: {
    kills: { type: 'string', default: '20' },
    'in-flight': { type: 'string', default: '100' },
    port: { type: 'string', default: '28080' },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  console.log(HELP);
  process.exit(0);
}
const kills = countOf(options.kills, 'kills');
const inFlight = countOf(options['in-flight'], 'in-flight');
const port = countOf(options.port, 'port');

const INDICATORS = 5;
/** Ports of the replicas, above those of the system. */
const REPLICA_PORTS = [port + 20, port + 21];
/** Between two kills, in milliseconds: replicas are killed while they start, too. */
const PAUSE_MS = 700;
/** How long the SLI provider takes, in milliseconds. */
const ANSWER_MS = 1_000;
/** How long the last evaluations may take, in milliseconds. */
const DRAIN_MS = 300_000;
const TYPES = {
  start: 'sh.keptn.event.start-evaluation',
  getSli: 'sh.keptn.internal.event.get-sli',
  getSliDone: 'sh.keptn.internal.event.get-sli.done',
  done: 'sh.keptn.events.evaluation-done',
};

const system = await startSystem({
  port,
  environment: { KEPTN_WITHOUT: 'lighthouse-service,shipyard-controller', ALLOWED_SINK_NETWORKS: '127.0.0.1' },
});
const client = new GateClient(system);

/** @param {number} replicaPort */
function startReplica(replicaPort) {
  const child = spawn(process.execPath, ['dist/apps/lighthouse-service/main.js'], {
    env: {
      PATH: process.env['PATH'],
      HOST: '127.0.0.1',
      PORT: String(replicaPort),
      LOG_LEVEL: 'silent',
      // event-broker does not give the token to webhooks.
      TRUSTED_NETWORK: 'true',
      KEPTN_API_TOKEN: system.token,
      CONFIGURATION_SERVICE_URL: `http://127.0.0.1:${port + 2}`,
      MONGODB_DATASTORE_URL: `http://127.0.0.1:${port + 3}`,
    },
    stdio: 'ignore',
  });
  process.once('exit', () => child.kill('SIGKILL'));
  return child;
}

const replicas = REPLICA_PORTS.map(startReplica);

const balancer = await startBalancer(REPLICA_PORTS);

await Promise.all(REPLICA_PORTS.map((replicaPort) => untilReady(`http://127.0.0.1:${replicaPort}/ready`)));
await client.createGate(sloOf(INDICATORS, 3));
await client.send('sh.keptn.event.monitoring.configure', { project: WHERE.project, service: '', type: 'bench' });
await client.post('/event-broker/v1/subscriptions', {
  name: 'lighthouse',
  sink: `${balancer.url}/`,
  types: [TYPES.start, TYPES.getSli, TYPES.getSliDone],
  protocolSettings: { concurrency: 16 },
});

/** Keptn contexts of evaluations that were started. @type {Set<string>} */
const started = new Set();
/** @type {Map<string, number>} */
const ends = new Map();
let answers = 0;

// The SLI provider; every third answer comes twice.
const stopAnswering = followEvents(system, TYPES.getSli, ({ data, shkeptncontext }) => {
  const answer = { ...data, indicatorValues: valuesOf(INDICATORS) };
  const times = answers++ % 3 === 0 ? 2 : 1;
  for (let each = 0; each < times; each++) {
    setTimeout(() => void client.send(TYPES.getSliDone, answer, shkeptncontext), ANSWER_MS);
  }
});
const stopCounting = followEvents(system, TYPES.done, ({ shkeptncontext }) => {
  ends.set(shkeptncontext, (ends.get(shkeptncontext) ?? 0) + 1);
});

let isKilling = true;
let open = 0;
const startOne = async () => {
  open++;
  started.add(await client.startEvaluation());
};
await Promise.all(Array.from({ length: inFlight }, startOne));
const starting = (async () => {
  while (isKilling) {
    if (open - ends.size < inFlight) await startOne();
    else await delay(10);
  }
})();

for (let kill = 0; kill < kills; kill++) {
  await delay(PAUSE_MS);
  const index = kill % replicas.length;
  const replica = replicas[index];
  replica?.kill('SIGKILL');
  replicas[index] = startReplica(REPLICA_PORTS[index] ?? 0);
}
isKilling = false;
await starting;
for (const deadline = Date.now() + DRAIN_MS; ends.size < started.size && Date.now() < deadline;) await delay(100);
// Whoever would end an evaluation a second time has had the time to.
await delay(5_000);

const counts = [...started].map((context) => ends.get(context) ?? 0);
const figures = {
  kills,
  started: started.size,
  endedOnce: counts.filter((count) => count === 1).length,
  notEnded: counts.filter((count) => count === 0).length,
  endedMoreOften: counts.filter((count) => count > 1).length,
};
console.log(JSON.stringify(figures));
stopAnswering();
stopCounting();
for (const replica of replicas) replica.kill('SIGKILL');
balancer.stop();
await system.stop();
process.exit(figures.endedOnce === figures.started ? 0 : 1);
