/**
 * Fills the database of a mongodb-datastore with realistic events, past the service, as fast as the database takes them.
 *
 *   node tools/bench/events-seed.mjs --mongodb mongodb://localhost:27017/keptn --events 1000000
 *
 * The service must have run on that database once, so that its indexes are there, and must not run meanwhile.
 */
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { MongoClient } from 'mongodb';
import { randomNumbers, realisticEvents } from './events-realistic.mjs';

const HELP = `usage: node tools/bench/events-seed.mjs --mongodb URI [--events N]

  --mongodb  connection string with the name of the database
  --events   how many events the log has afterwards              default: 10000`;

export const PROJECTS = Array.from({ length: 12 }, (_none, index) => `project-${index}`);

/** Written in one command. */
const GROUP = 1000;

/** The time of the first event. */
const START_MS = Date.parse('2020-01-01T00:00:00Z');

// The order of the log, as apps/mongodb-datastore/src/log/position.ts writes it.
const ORIGIN_MS = Date.parse('0000-01-01T00:00:00Z') - 86_400_000;
const NANOSECONDS_PER_MILLISECOND = 1_000_000n;
const TIME_DIGITS = 14;
const SEQUENCE_DIGITS = 11;

/** @param {number} timeMs @param {number} sequence */
const positionOf = (timeMs, sequence) =>
  (BigInt(timeMs - ORIGIN_MS) * NANOSECONDS_PER_MILLISECOND).toString(32).padStart(TIME_DIGITS, '0') +
  sequence.toString(32).padStart(SEQUENCE_DIGITS, '0');

/** @typedef {{ _id: number, position: string, time: Date, id: string, source: string, type: string, specversion: string, shkeptncontext: string, triggeredid?: string, project: string, stage: string, service: string, result?: string, event: string }} EventRecord */
/** @typedef {{ _id: string, root: Record<string, unknown> }} ContextRecord */

/** @param {import('./events-realistic.mjs').KeptnEvent} event @param {number} timeMs @param {number} sequence @returns {EventRecord} */
function recordOf(event, timeMs, sequence) {
  const { id, source, type, specversion, shkeptncontext, triggeredid, data } = event;
  return {
    _id: sequence,
    position: positionOf(timeMs, sequence),
    time: new Date(timeMs),
    id,
    source,
    type,
    specversion,
    shkeptncontext,
    ...(triggeredid !== undefined && { triggeredid }),
    project: data.project,
    stage: data.stage,
    service: data.service,
    ...(typeof data['result'] === 'string' && { result: data['result'] }),
    event: JSON.stringify(event),
  };
}

/** @param {EventRecord} first @returns {ContextRecord} */
function contextOf({ _id, position, project, stage, service, type, source, id, shkeptncontext }) {
  const root = { position, sequence: _id, project, stage, service, type, source, id, shkeptncontext };
  return { _id: shkeptncontext, root };
}

/**
 * Adds events until the log has `events` of them, with the records of their contexts and projects, and with every reader of
 * the log at its end.
 *
 * @param {import('mongodb').Db} database
 * @param {number} events
 * @returns {Promise<number>} how many were added
 */
export async function fillLog(database, events) {
  /** @type {import('mongodb').Collection<EventRecord>} */
  const log = database.collection('events');
  const [newest] = await log.find().sort({ _id: -1 }).limit(1).toArray();
  const first = (newest?._id ?? 0) + 1;
  const startMs = newest === undefined ? START_MS : newest.time.getTime() + 1;
  const source = realisticEvents({ projects: PROJECTS, startMs, random: randomNumbers(first) });
  /** @type {Set<string>} contexts whose last event has not come yet */
  const open = new Set();
  /** @type {ContextRecord[]} */
  let contexts = [];
  /** @type {EventRecord[]} */
  let group = [];
  /** @type {Promise<unknown>} of the group before, while the next one is made */
  let writing = Promise.resolve();
  for (let sequence = first; sequence <= events; sequence++) {
    const { event, timeMs, isLast } = source.next().value;
    const record = recordOf(event, timeMs, sequence);
    if (!open.has(record.shkeptncontext)) contexts.push(contextOf(record));
    if (isLast) open.delete(record.shkeptncontext);
    else open.add(record.shkeptncontext);
    group.push(record);
    if (group.length === GROUP || sequence === events) {
      await writing;
      writing = Promise.all([
        log.insertMany(group, { ordered: false }),
        contexts.length > 0 && database.collection('contexts').insertMany(/** @type {any[]} */ (contexts)),
      ]);
      [group, contexts] = [[], []];
    }
  }
  await writing;
  await notePositions(database, Math.max(events, first - 1));
  return Math.max(0, events - first + 1);
}

/** @param {import('mongodb').Db} database @param {number} sequence of the last event */
async function notePositions(database, sequence) {
  const named = (/** @type {string} */ name) => /** @type {any} */ ({ _id: name });
  const upsert = { upsert: true };
  await database.collection('counters').updateOne(named('events'), { $max: { value: sequence } }, upsert);
  const cursors = database.collection('logCursors');
  await cursors.updateOne(named('contexts'), { $setOnInsert: { leasedUntil: new Date(0) } }, upsert);
  await cursors.updateMany({}, { $max: { position: sequence } });
  for (const project of PROJECTS) {
    const state = { state: 'active', generation: 0, isPurging: false };
    await database.collection('projects').updateOne(named(project), { $setOnInsert: state }, upsert);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { values } = parseArgs({
    options: {
      mongodb: { type: 'string' },
      events: { type: 'string', default: '10000' },
      help: { type: 'boolean', default: false },
    },
  });
  const events = Number(values.events);
  if (values.help || values.mongodb === undefined || !Number.isSafeInteger(events)) {
    console.log(HELP);
    process.exit(values.help ? 0 : 2);
  }
  const client = await MongoClient.connect(values.mongodb);
  const startedAt = performance.now();
  const added = await fillLog(client.db(), events);
  const seconds = (performance.now() - startedAt) / 1000;
  console.log(`${added} events added in ${seconds.toFixed(1)} s, ${Math.round(added / seconds)} per second`);
  await client.close();
}
