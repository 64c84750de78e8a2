/**
 * How long each documented query of mongodb-datastore takes, on its first page and on its last, while the log grows, and how
 * much memory service and store hold then (Linux only).
 *
 *   node tools/bench/events-queries.mjs --events 10000,100000,1000000
 */
import process from 'node:process';
import { parseArgs } from 'node:util';
import { MongoClient } from 'mongodb';
import { Pool } from 'undici';
import { countOf, percentile, rounded } from './events-figures.mjs';
import { startDatastore, startStore } from './events-processes.mjs';
import { fillLog } from './events-seed.mjs';
import { anonymousMemoryOf } from './process-figures.mjs';

const HELP = `usage: node tools/bench/events-queries.mjs [--events N,N,…] [--requests N] [--only TEXT] [--mongodb URI] [--port N]

  --events    sizes of the log, rising                           default: 10000,100000,1000000
  --requests  of each query and page                             default: 200
  --only      queries whose name holds this text
  --mongodb   an empty database to use instead of the embedded store
  --port      of the service                                     default: 28083`;

const { values: options } = parseArgs({
  options: {
    events: { type: 'string', default: '10000,100000,1000000' },
    requests: { type: 'string', default: '200' },
    only: { type: 'string', default: '' },
    mongodb: { type: 'string' },
    port: { type: 'string', default: '28083' },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  console.log(HELP);
  process.exit(0);
}
const sizes = options.events.split(',').map((text) => countOf(text, 'events'));
const requests = countOf(options.requests, 'requests');

const PAGE_SIZE = 20;

/** Different values of its parameters that each query is asked with. */
const VARIANTS = 8;

/** A query that is slower than it should be is measured for this long at most, in milliseconds. */
const LONGEST_MEASUREMENT_MS = 10_000;

/** Requests before those that count, so that the code is compiled. */
const WARM_UP_REQUESTS = 20;

const EVALUATION_DONE = 'sh.keptn.events.evaluation-done';

/** @typedef {import('./events-seed.mjs').EventRecord} EventRecord */
/** @typedef {Record<string, string | undefined>} Filter what the pages are made of, as a query of the store */
/** @typedef {{ name: string, path: string, parameters: Record<string, string>, filter?: Filter, roots?: boolean, oldestFirst?: boolean }} Query */

/** @param {string[]} names @returns {(event: EventRecord) => Query} GET /event with these parameters, as the event has them */
const byFields =
  (...names) =>
  (event) => {
    /** @type {Record<string, keyof EventRecord>} */
    const fields = { keptnContext: 'shkeptncontext', eventID: 'id' };
    const pairs = names.map((name) => {
      const field = fields[name] ?? /** @type {keyof EventRecord} */ (name);
      return { name, field, value: String(event[field]) };
    });
    return {
      name: `/event ${names.join(' ')}`.trimEnd(),
      path: '/event',
      parameters: Object.fromEntries(pairs.map(({ name, value }) => [name, value])),
      filter: Object.fromEntries(pairs.map(({ field, value }) => [field, value])),
    };
  };

/** @param {(event: EventRecord) => Query} query @returns {(event: EventRecord) => Query} */
const rootsOf = (query) => (event) => {
  const { name, path, parameters, filter = {} } = query(event);
  return { name: `${name} root`, path, parameters: { ...parameters, root: 'true' }, filter, roots: true };
};

/** @param {(event: EventRecord) => Query} query @returns {(event: EventRecord) => Query} with a time that half of the log is behind */
const sinceThen = (query) => (event) => {
  const { name, path, parameters } = query(event);
  return { name: `${name} fromTime`, path, parameters: { ...parameters, fromTime: event.time.toISOString() } };
};

/** @param {string[]} clauses @param {Record<string, string>} [parameters] @returns {(event: EventRecord) => Query} */
const ofType =
  (clauses, parameters = {}) =>
  (event) => ({
    name: `/event/type ${[...clauses, ...Object.keys(parameters)].join(' ')}`,
    path: `/event/type/${EVALUATION_DONE}`,
    parameters: {
      ...parameters,
      filter: clauses
        .map((key) => `${key}:${String(event[/** @type {keyof EventRecord} */ (key.replace('data.', ''))] ?? 'pass')}`)
        .join(' AND '),
    },
  });

const project = byFields('project');
const place = byFields('project', 'stage', 'service');
const clausesOfPlace = ['data.project', 'data.stage', 'data.service'];

/** @type {readonly ((event: EventRecord) => Query)[]} the queries of contract 5.3 and 5.4, and of one event and one context */
const QUERIES = [
  byFields(),
  byFields('type'),
  byFields('source'),
  byFields('stage'),
  byFields('service'),
  project,
  byFields('project', 'type'),
  byFields('project', 'source'),
  byFields('project', 'stage'),
  byFields('project', 'service'),
  place,
  byFields('project', 'stage', 'type'),
  byFields('project', 'service', 'type'),
  byFields('project', 'stage', 'service', 'type'),
  byFields('keptnContext'),
  byFields('keptnContext', 'type'),
  byFields('project', 'keptnContext', 'type'),
  byFields('eventID'),
  sinceThen(byFields()),
  sinceThen(project),
  sinceThen(byFields('project', 'type')),
  rootsOf(byFields()),
  rootsOf(project),
  rootsOf(byFields('project', 'service')),
  rootsOf(place),
  ofType(['data.project']),
  ofType(clausesOfPlace),
  ofType([...clausesOfPlace, 'data.result']),
  ofType(['shkeptncontext']),
  ofType(['data.project'], { excludeInvalidated: 'true' }),
  ofType(clausesOfPlace, { excludeInvalidated: 'true' }),
  ({ id }) => ({ name: '/event/{id}', path: `/event/${id}`, parameters: {} }),
  ({ shkeptncontext }) => ({ name: '/event/context/{ctx}', path: `/event/context/${shkeptncontext}`, parameters: {} }),
];

/** @param {string} position @returns {string} as apps/mongodb-datastore/src/log/position.ts makes page keys */
function pageKeyOf(position) {
  const high = BigInt(Number.parseInt(position.slice(0, 7), 32));
  const low = BigInt(Number.parseInt(position.slice(7, 14), 32));
  const time = ((high << 35n) | low).toString().padStart(21, '0');
  return `1${time}${Number.parseInt(position.slice(14), 32).toString().padStart(16, '0')}`;
}

/** @param {import('mongodb').Db} database @param {Query} query @returns {Promise<string | undefined>} undefined when all fits on one page */
async function keyOfLastPage(database, { filter, roots }) {
  if (filter === undefined) return undefined;
  const path = roots ? 'root.' : '';
  const [behind] = await database
    .collection(roots ? 'contexts' : 'events')
    .find(Object.fromEntries(Object.entries(filter).map(([field, value]) => [path + field, value])))
    .sort({ [`${path}position`]: 1 })
    .skip(PAGE_SIZE)
    .limit(1)
    .toArray();
  if (behind === undefined) return undefined;
  return pageKeyOf(roots ? behind['root'].position : behind['position']);
}

/**
 * Asks the same queries in turn.
 *
 * @param {Pool} pool
 * @param {string} token
 * @param {readonly string[]} urls
 * @returns {Promise<number[]>} milliseconds of each request
 */
async function measure(pool, token, urls) {
  /** @type {number[]} */
  const times = [];
  const deadline = performance.now() + LONGEST_MEASUREMENT_MS;
  for (let turn = -WARM_UP_REQUESTS; turn < requests && (turn < 1 || performance.now() < deadline); turn++) {
    const path = urls[(turn + WARM_UP_REQUESTS) % urls.length] ?? '/';
    const startedAt = performance.now();
    const { statusCode, body } = await pool.request({ method: 'GET', path, headers: { 'x-token': token } });
    const text = await body.text();
    if (statusCode !== 200) throw new Error(`GET ${path} answered ${statusCode}: ${text}`);
    if (turn >= 0) times.push(performance.now() - startedAt);
  }
  return times;
}

/** @param {Query} query @param {string} [nextPageKey] */
function urlOf({ path, parameters }, nextPageKey) {
  const size = path.startsWith('/event/type/') ? { limit: String(PAGE_SIZE) } : { pageSize: String(PAGE_SIZE) };
  return `${path}?${new URLSearchParams({ ...parameters, ...size, ...(nextPageKey !== undefined && { nextPageKey }) })}`;
}

const store = options.mongodb === undefined ? await startStore() : undefined;
const mongodbUri = options.mongodb ?? store?.uri ?? '';
const client = await MongoClient.connect(mongodbUri);
const database = client.db();
const port = countOf(options.port, 'port');
// The first start makes the indexes.
await (await startDatastore({ port, mongodbUri })).stop();

/** @type {Map<string, Record<string, number | string>>} one row for each query and page */
const rows = new Map();
/** @type {Map<string, number[]>} the median of each size */
const medians = new Map();
const memory = [];

for (const size of sizes) {
  const seededAt = performance.now();
  await fillLog(database, size);
  console.log(`${size} events, seeded in ${rounded((performance.now() - seededAt) / 1000)} s`);
  const service = await startDatastore({ port, mongodbUri });
  const pool = new Pool(service.url, { connections: 1, pipelining: 1, headersTimeout: 60_000 });
  const memoryNow = () => [
    anonymousMemoryOf(service.pid),
    store === undefined ? Number.NaN : anonymousMemoryOf(store.pid),
  ];
  const before = memoryNow();
  const samples = await Promise.all(
    Array.from({ length: VARIANTS }, (_none, index) =>
      database.collection('events').findOne(/** @type {any} */ ({ _id: Math.ceil(((index + 0.5) * size) / VARIANTS) })),
    ),
  );
  for (const makeQuery of QUERIES) {
    const variants = samples.map((sample) => makeQuery(/** @type {any} */ (sample)));
    const name = variants[0]?.name ?? '';
    if (!name.includes(options.only)) continue;
    const keys = await Promise.all(variants.map((query) => keyOfLastPage(database, query)));
    const last = variants.flatMap((query, index) => (keys[index] === undefined ? [] : [urlOf(query, keys[index])]));
    /** @type {[page: string, urls: string[]][]} */
    const pages = [
      ['first', variants.map((query) => urlOf(query))],
      ...(last.length > 0 ? [/** @type {[string, string[]]} */ (['last', last])] : []),
    ];
    for (const [page, urls] of pages) {
      const times = await measure(pool, service.token, urls);
      const key = `${name} ${page}`;
      medians.set(key, [...(medians.get(key) ?? []), percentile(times, 0.5)]);
      rows.set(key, {
        ...(rows.get(key) ?? { query: name, page }),
        [`p50 at ${size}`]: rounded(percentile(times, 0.5)),
        [`p99 at ${size}`]: rounded(percentile(times, 0.99)),
      });
    }
  }
  const after = memoryNow();
  memory.push({
    events: size,
    'service before, MiB': rounded(before[0] ?? 0),
    'service after': rounded(after[0] ?? 0),
    'store before, MiB': rounded(before[1] ?? 0),
    'store after': rounded(after[1] ?? 0),
  });
  await pool.close();
  await service.stop();
}
await client.close();
await store?.stop();

console.log(
  `\nmilliseconds at pageSize ${PAGE_SIZE}; growth is that of the median from ${sizes[0]} to ${sizes.at(-1)} events`,
);
console.table(
  [...rows].map(([key, row]) => {
    const [smallest = 0, ...others] = medians.get(key) ?? [];
    return { ...row, growth: rounded((others.at(-1) ?? smallest) / smallest) };
  }),
);
console.log('memory that is not a file’s (RssAnon), before and after the queries');
console.table(memory);
