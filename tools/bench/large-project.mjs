/** A project with many stages, services and resources: how long it takes to make, to get and to list. */
import { Connection, median, percentiles } from './load.mjs';
import { newContent, shipyardOf } from './seeded-project.mjs';

const PROJECT = 'large';
const STEPS = 10;
/** Times that each question is asked, one after the other. */
const QUESTIONS = 50;
const PAGE_SIZE = 50;
/** Milliseconds. */
const GET_TARGET = 100;
/** A service of the last third may take this many times as long as one of the first; squared growth would give about 5. */
const LINEAR_WITHIN = 2.5;

/** @typedef {{ stages: number, services: number, resources: number }} Size resources: of each service in each stage */

/** @param {string} name @param {number} count */
const names = (name, count) =>
  Array.from({ length: count }, (_, index) => `${name}-${String(index + 1).padStart(4, '0')}`);

/** @template Result @param {() => Promise<Result>} work @returns {Promise<[milliseconds: number, result: Result]>} */
const timed = async (work) => {
  const started = performance.now();
  const result = await work();
  return [performance.now() - started, result];
};

/**
 * @param {import('./service-under-test.mjs').ServiceUnderTest} subject
 * @param {Size} size
 * @returns {Promise<string[]>} what is not as it should be
 */
export async function makeLargeProject(subject, size) {
  const connection = new Connection((await subject.start()).url);
  const complaints = await create(connection, size);
  complaints.push(...(await get(connection)));
  complaints.push(...(await page(connection, `stage/stage-0001/resource`, 'resources')));
  complaints.push(...(await page(connection, `stage/stage-0001/service`, 'services')));
  await connection.close();
  return complaints;
}

/** @param {Connection} connection @param {Size} size */
async function create(connection, { stages, services, resources }) {
  const body = { projectName: PROJECT, shipyard: shipyardOf(names('stage', stages)) };
  const [projectMs] = await timed(() => connection.call({ method: 'POST', path: '/v1/project', body }));
  console.log(`project with ${stages} stages: ${projectMs.toFixed(0)} ms`);
  const all = names('service', services);
  /** @type {number[]} */
  const times = [];
  const rows = [];
  for (const serviceName of all) {
    times.push((await timed(() => addService(connection, serviceName, resources)))[0]);
    const created = times.length;
    if (created % (services / STEPS) === 0) {
      const step = times.slice(-services / STEPS);
      rows.push({
        services: created,
        resources: created * stages * resources,
        'step s': (step.reduce((sum, each) => sum + each, 0) / 1000).toFixed(2),
        'median ms/service': median(step).toFixed(1),
        'longest ms': Math.max(...step).toFixed(0),
      });
    }
  }
  console.table(rows);
  const third = Math.floor(all.length / 3);
  const [first, last] = [median(times.slice(0, third)), median(times.slice(-third))];
  return last > first * LINEAR_WITHIN
    ? [`not linear: a service takes ${last.toFixed(0)} ms at the end and ${first.toFixed(0)} ms at the start`]
    : [];
}

/** @param {Connection} connection @param {string} serviceName @param {number} count files in each stage */
const addService = (connection, serviceName, count) =>
  connection.call({
    method: 'POST',
    path: `/v1/project/${PROJECT}/service`,
    body: {
      serviceName,
      resources: names('resource', count).map((resourceURI) => ({ resourceURI, resourceContent: newContent() })),
    },
  });

/**
 * Gets the project for the first time, again and again, and each time after an event that changes one of its services.
 * @param {Connection} connection
 */
async function get(connection) {
  const [first, text] = await timed(() => connection.call({ method: 'GET', path: `/v1/project/${PROJECT}` }));
  const repeated = await getTimes(connection, () => Promise.resolve());
  const changed = await getTimes(connection, (question) => connection.call(eventOf(question)));
  const megabytes = (Buffer.byteLength(text) / 1e6).toFixed(1);
  const shown = Object.entries({ again: repeated, 'after a change': changed }).map(
    ([when, { p50, p99 }]) => `${when} p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms`,
  );
  console.log(`GET project: ${megabytes} MB, first ${first.toFixed(0)} ms, ${shown.join(', ')}`);
  const worst = Math.max(first, repeated.p99, changed.p99);
  return worst < GET_TARGET
    ? []
    : [`GET project took ${worst.toFixed(0)} ms at worst (p99), the target is ${GET_TARGET}`];
}

/** @param {Connection} connection @param {(question: number) => Promise<unknown>} before */
async function getTimes(connection, before) {
  const times = [];
  for (let question = 1; question <= QUESTIONS; question += 1) {
    await before(question);
    times.push((await timed(() => connection.call({ method: 'GET', path: `/v1/project/${PROJECT}` })))[0]);
  }
  return percentiles(times);
}

/** @param {number} number @returns {import('./load.mjs').Call} */
const eventOf = (number) => ({
  method: 'POST',
  path: '/v1/event',
  body: {
    id: `event-${number}`,
    type: 'sh.keptn.events.tests-finished',
    source: 'benchmark',
    data: { project: PROJECT, stage: 'stage-0001', service: names('service', number).at(-1) },
  },
});

/** Reads a list to its end. @param {Connection} connection @param {string} list @param {'resources' | 'services'} field */
async function page(connection, list, field) {
  /** @type {number[]} */
  const times = [];
  const found = new Set();
  let [key, total, listed] = ['', 0, 0];
  do {
    const path = `/v1/project/${PROJECT}/${list}?pageSize=${PAGE_SIZE}${key === '' ? '' : `&nextPageKey=${key}`}`;
    const [ms, text] = await timed(() => connection.call({ method: 'GET', path }));
    times.push(ms);
    const answer = JSON.parse(text);
    for (const { resourceURI, serviceName } of answer[field]) {
      found.add(resourceURI ?? serviceName);
      listed += 1;
    }
    [key, total] = [answer.nextPageKey, answer.totalCount];
  } while (key !== '0');
  const { p50, p99 } = percentiles(times);
  console.log(
    `${field} of a stage: ${listed} on ${times.length} pages, ` +
      `first ${times[0]?.toFixed(1)} ms, p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`,
  );
  return found.size === total && listed === total
    ? []
    : [`${field}: ${listed} listed, ${found.size} different, ${total} told`];
}
