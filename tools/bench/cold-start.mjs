/**
 * What the first requests after a start cost, against warm ones, through the gateway. Build first (`npx nx run-many -t build`).
 *
 *   node tools/bench/cold-start.mjs [--port 28080] [--warm-up 20]
 */
import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { countOf, rounded } from './events-figures.mjs';
import { startSystem, temporaryFolder } from './events-processes.mjs';
import { Connection, load } from './load.mjs';
import { shipyardOf } from './seeded-project.mjs';

const HELP = `usage: node tools/bench/cold-start.mjs [options]
  --port N      of the gateway, those above it are used as well (28080)
  --warm-up N   seconds of load before the warm figures (20)`;

/** Requests that are measured right after a start, and again later. */
const REQUESTS = 1_000;

/** How many times the warm median the first requests may take. */
const TARGET = 2;

const PROJECT = 'cold';

const { values: options } = parseArgs({
  options: {
    port: { type: 'string', default: '28080' },
    'warm-up': { type: 'string', default: '20' },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  console.log(HELP);
  process.exit(0);
}
const port = countOf(options.port, 'port');
const seconds = countOf(options['warm-up'], 'warm-up');
const url = `http://127.0.0.1:${port}`;
const folder = temporaryFolder();

/** @type {Record<string, () => import('./load.mjs').Call>} */
const KINDS = {
  'read a resource': () => ({
    method: 'GET',
    path: `/api/configuration-service/v1/project/${PROJECT}/resource/shipyard.yaml`,
  }),
  'read a project': () => ({ method: 'GET', path: `/api/configuration-service/v1/project/${PROJECT}` }),
  'write a resource': () => ({
    method: 'PUT',
    path: `/api/configuration-service/v1/project/${PROJECT}/resource/file.txt`,
    body: { resourceContent: Buffer.from(randomUUID()).toString('base64') },
  }),
  'send an event': () => ({
    method: 'POST',
    path: '/api/v1/event',
    body: { type: 'sh.keptn.events.test', source: 'bench', specversion: '1.0', data: { project: PROJECT } },
  }),
};

async function createProject() {
  const { token, stop } = await startSystem({ port, folder });
  const connection = new Connection(url);
  await connection.call({
    method: 'POST',
    path: '/api/v1/project',
    headers: { 'x-token': token },
    body: { name: PROJECT, shipyard: shipyardOf(['dev']) },
  });
  await connection.close();
  await stop();
}

/** @param {() => import('./load.mjs').Call} request @returns {Promise<{ cold: number, warm: number }>} medians in milliseconds */
async function measure(request) {
  const { token, stop } = await startSystem({ port, folder });
  const next = () => ({ ...request(), headers: { 'x-token': token } });
  const { p50: cold } = await load(url, { clients: 1, requests: REQUESTS }, next);
  await load(url, { clients: 1, seconds }, next);
  const { p50: warm } = await load(url, { clients: 1, requests: REQUESTS }, next);
  await stop();
  return { cold, warm };
}

await createProject();
/** @type {object[]} */
const rows = [];
for (const [kind, request] of Object.entries(KINDS)) {
  const { cold, warm } = await measure(request);
  const times = cold / warm;
  rows.push({
    kind,
    [`p50 of the first ${REQUESTS}, ms`]: rounded(cold, 2),
    'p50 warm, ms': rounded(warm, 2),
    times: rounded(times, 2),
    [`at most ${TARGET}`]: times <= TARGET ? 'yes' : 'no',
  });
}
console.table(rows);
