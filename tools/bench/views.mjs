/**
 * What the view of projects costs beside a read of a resource: CPU of configuration-service and its store for each request. Build
 * first (`npx nx run-many -t build`).
 *
 *   node tools/bench/views.mjs [--seconds 5] [--rounds 5] [--projects 25,1000]
 */
import process from 'node:process';
import { parseArgs } from 'node:util';
import { Connection, load, median } from './load.mjs';
import { cpuSecondsOf } from './process-figures.mjs';
import { shipyardOf } from './seeded-project.mjs';
import { ServiceUnderTest } from './service-under-test.mjs';

const HELP = `usage: node tools/bench/views.mjs [options]
  --seconds N   how long each measurement takes (5)
  --rounds N    measurements of each kind, in turn; the medians are shown (5)
  --projects L  numbers of projects to measure with, ascending, separated by commas (25,1000)`;

const CLIENTS = 8;
const STAGES = ['dev', 'staging', 'production'];
const SERVICES = 10;

/** How many times the CPU of a read of a resource each may cost. */
const TARGETS = { project: 1.3, list: 2.5 };

const nameOf = (/** @type {number} */ index) => `project-${index}`;

/** @type {Record<string, import('./load.mjs').Call>} */
const READS = {
  resource: { method: 'GET', path: `/v1/project/${nameOf(0)}/resource/shipyard.yaml` },
  project: { method: 'GET', path: `/v1/project/${nameOf(0)}` },
  list: { method: 'GET', path: '/v1/project?pageSize=20' },
  'list of 50': { method: 'GET', path: '/v1/project?pageSize=50' },
};

/** @param {Connection} connection @param {number} index */
async function createProject(connection, index) {
  const projectName = nameOf(index);
  await connection.call({
    method: 'POST',
    path: '/v1/project',
    body: { projectName, shipyard: shipyardOf(STAGES) },
  });
  for (let service = 0; service < SERVICES; service += 1) {
    const body = { serviceName: `service-${service}` };
    await connection.call({ method: 'POST', path: `/v1/project/${projectName}/service`, body });
  }
}

/** @param {string} url @param {number} from @param {number} to */
async function createProjects(url, from, to) {
  let next = from;
  const client = async () => {
    const connection = new Connection(url);
    while (next < to) await createProject(connection, next++);
    await connection.close();
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
}

/** @param {ServiceUnderTest} subject */
const cpuOf = ({ server, store }) => cpuSecondsOf(server?.pid ?? 0) + cpuSecondsOf(store?.pid ?? 0);

/**
 * @param {ServiceUnderTest} subject
 * @param {{ seconds: number, rounds: number }} amount
 * @returns {Promise<Record<string, { perSecond: number, cpuMs: number }>>}
 */
async function measure(subject, { seconds, rounds }) {
  const url = subject.server?.url ?? '';
  /** @type {Record<string, { perSecond: number, cpuMs: number }[]>} */
  const measured = {};
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, call] of Object.entries(READS)) {
      const before = cpuOf(subject);
      const { perSecond, requests } = await load(url, { clients: CLIENTS, seconds }, () => call);
      (measured[name] ??= []).push({ perSecond, cpuMs: ((cpuOf(subject) - before) / requests) * 1000 });
    }
  }
  return Object.fromEntries(
    Object.entries(measured).map(([name, figures]) => [
      name,
      {
        perSecond: median(figures.map(({ perSecond }) => perSecond)),
        cpuMs: median(figures.map(({ cpuMs }) => cpuMs)),
      },
    ]),
  );
}

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '5' },
    projects: { type: 'string', default: '25,1000' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
const subject = new ServiceUnderTest();
try {
  const { url } = await subject.start();
  let projects = 0;
  for (const count of values.projects.split(',').map(Number)) {
    await createProjects(url, projects, count);
    projects = count;
    const figures = await measure(subject, { seconds: Number(values.seconds), rounds: Number(values.rounds) });
    const resource = figures['resource']?.cpuMs ?? NaN;
    console.log(
      `${projects} projects of ${STAGES.length} stages and ${SERVICES} services, ${CLIENTS} clients, medians of ${values.rounds} rounds`,
    );
    console.table(
      Object.entries(figures).map(([read, { perSecond, cpuMs }]) => ({
        read,
        'requests/s': perSecond.toFixed(0),
        'CPU ms/request': cpuMs.toFixed(3),
        'times a resource': (cpuMs / resource).toFixed(2),
      })),
    );
    for (const [read, target] of Object.entries(TARGETS)) {
      const times = (figures[read]?.cpuMs ?? NaN) / resource;
      console.log(`${times <= target ? 'met   ' : 'MISSED'} ${read}: ${times.toFixed(2)} times (target ${target})`);
    }
  }
} finally {
  await subject.dispose();
}
