/**
 * Kills the embedded store and mongodb-datastore with SIGKILL while events are sent and asked for, at random moments, and checks
 * that every acknowledged event is there exactly once and that no answer was wrong. Build first (`npx nx run-many -t build`).
 *
 *   node tools/bench/events-crash.mjs --rounds 20
 *
 * Ends with 1 on any violation.
 */
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { EventClients } from './events-crash-clients.mjs';
import { countOf } from './events-figures.mjs';
import { startDatastore, startStore, temporaryFolder } from './events-processes.mjs';

const HELP = `usage: node tools/bench/events-crash.mjs [--rounds N] [--writers N] [--readers N] [--port N] [--alone]

  --rounds   how many times a process is killed       default: 20
  --writers  clients that send events                 default: 16
  --readers  clients that ask for contexts            default: 4
  --port     of mongodb-datastore                     default: 28090
  --alone    the service knows that it has no other replica`;

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    writers: { type: 'string', default: '16' },
    readers: { type: 'string', default: '4' },
    port: { type: 'string', default: '28090' },
    alone: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  console.log(HELP);
  process.exit(0);
}

/** Milliseconds: the longest time from a start to the next kill. */
const LONGEST_ROUND = 3_000;
const SHOWN_VIOLATIONS = 20;
const rounds = countOf(options.rounds, 'rounds');
const port = countOf(options.port, 'port');

process.setMaxListeners(0);
const folder = temporaryFolder();
let store = await startStore(folder);
/** As `npm start` runs it, or as one of several. */
const alone = { ONLY_REPLICA: String(options.alone) };
/** What it logs of the kills is no news. */
const startService = () => startDatastore({ port, mongodbUri: store.uri, logLevel: 'fatal', environment: alone });
let datastore = await startService();

const killed = { store: 0, datastore: 0 };

/** Kills one of the two, or both, and starts again what was killed. */
async function killSome() {
  const choice = Math.random();
  const [killsStore, killsDatastore] = [choice < 0.6, choice > 0.4];
  await Promise.all([killsStore && store.kill(), killsDatastore && datastore.kill()]);
  killed.store += Number(killsStore);
  killed.datastore += Number(killsDatastore);
  if (killsStore) store = await startStore(folder);
  if (killsDatastore) datastore = await startService();
}

const clients = new EventClients(() => datastore);
const work = [
  ...Array.from({ length: countOf(options.writers, 'writers') }, () => clients.write()),
  ...Array.from({ length: countOf(options.readers, 'readers') }, () => clients.read()),
];
for (let round = 0; round < rounds; round++) {
  await delay(Math.random() * LONGEST_ROUND);
  await killSome();
}
clients.isRunning = false;
await Promise.all(work);

await Promise.all([store.kill(), datastore.kill()]);
store = await startStore(folder);
datastore = await startService();
for (const trace of clients.traces) {
  if (!(await clients.check(trace))) clients.violations.push(`context ${trace.id} cannot be read`);
}
const sequences = clients.traces.flatMap(({ acknowledged }) => [...acknowledged.values()]);
if (new Set(sequences).size < sequences.length) clients.violations.push('a sequence number was given twice');
await datastore.stop();
await store.stop();

console.table({
  contexts: clients.traces.length,
  ...clients.counts,
  'kills of the store': killed.store,
  'kills of the service': killed.datastore,
});
for (const violation of clients.violations.slice(0, SHOWN_VIOLATIONS)) console.log(violation);
console.log(`${clients.violations.length} violations`);
if (clients.violations.length > 0) process.exitCode = 1;
