/**
 * How long it takes until a project with its services is there, with projects created at the same time. Build first
 * (`npx nx run-many -t build`).
 *
 *   node tools/bench/project-creation.mjs [--projects 200] [--rounds 5] [--without NAMES] [--before ROOT]
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { countOf, rounded } from './events-figures.mjs';
import { startSystem, withoutServices } from './events-processes.mjs';
import { Connection, median, percentiles } from './load.mjs';
import { CpuMeter } from './process-figures.mjs';
import { shipyardOf } from './seeded-project.mjs';

const HELP = `usage: node tools/bench/project-creation.mjs [options]
  --projects N  created in a round (200)
  --rounds N    for each build, in turn; the medians are shown (5)
  --port N      of the gateway, those above it are used as well (28080)
  --without     services that are left out, such as those that react to events
  --before ROOT an older built working copy to compare with`;

const CLIENTS = 8;
const SERVICES = 4;
const STAGES = ['dev', 'staging', 'production'];

const { values: options } = parseArgs({
  options: {
    projects: { type: 'string', default: '200' },
    rounds: { type: 'string', default: '5' },
    port: { type: 'string', default: '28080' },
    without: { type: 'string', default: '' },
    before: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  console.log(HELP);
  process.exit(0);
}
const projects = countOf(options.projects, 'projects');
const rounds = countOf(options.rounds, 'rounds');
const port = countOf(options.port, 'port');
const url = `http://127.0.0.1:${port}`;

/** Resolves when every service is in the last stage. @param {Connection} connection @param {string} token @param {string} name */
async function create(connection, token, name) {
  const headers = { 'x-token': token };
  await connection.call({
    method: 'POST',
    path: '/api/v1/project',
    headers,
    body: { name, shipyard: shipyardOf(STAGES) },
  });
  for (let service = 0; service < SERVICES; service += 1) {
    const body = { serviceName: `service-${service}` };
    await connection.call({ method: 'POST', path: `/api/v1/project/${name}/service`, headers, body });
  }
  const path = `/api/configuration-service/v1/project/${name}/stage/${STAGES.at(-1)}/service`;
  for (;;) {
    const { totalCount } = /** @type {{ totalCount: number }} */ (
      JSON.parse(await connection.call({ method: 'GET', path, headers }))
    );
    if (totalCount === SERVICES) return;
  }
}

/** @param {string} root @returns {Promise<{ p50: number, cpuMs: number }>} */
async function measure(root) {
  const { token, processes, stop } = await startSystem({
    port,
    root,
    environment: withoutServices(root, options.without),
  });
  let next = 0;
  /** @type {number[]} */
  const latencies = [];
  const cpu = new CpuMeter(processes);
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      const connection = new Connection(url);
      while (next < projects) {
        const name = `project-${next++}`;
        const begin = performance.now();
        await create(connection, token, name);
        latencies.push(performance.now() - begin);
      }
      await connection.close();
    }),
  );
  const { all = Number.NaN } = cpu.millisecondsEach(projects);
  await stop();
  return { p50: percentiles(latencies).p50, cpuMs: all };
}

/** @type {Record<string, string>} */
const roots = { ...(options.before !== undefined && { before: join(options.before) }), now: '.' };
/** @type {Record<string, { p50: number, cpuMs: number }[]>} */
const results = {};
for (let round = 0; round < rounds; round += 1) {
  for (const [name, root] of Object.entries(roots)) (results[name] ??= []).push(await measure(root));
}
const rows = Object.entries(results).map(([build, figures]) => ({
  build,
  'p50 until it is there, ms': rounded(median(figures.map(({ p50 }) => p50))),
  'CPU of a project, ms': rounded(median(figures.map(({ cpuMs }) => cpuMs))),
}));
console.log(`${projects} projects with ${SERVICES} services, ${CLIENTS} clients, medians of ${rounds} rounds`);
console.table(rows);
