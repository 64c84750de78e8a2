/**
 * How fast and how heavy the pages of the Bridge are with a large project, in Chromium with a slowed CPU. Build first
 * (`npx nx run-many -t build`).
 *
 *   npm run bench:bridge -- [--runs 100000] [--events 6000]
 */
import { randomUUID } from 'node:crypto';
import { get } from 'node:http';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { BridgePage } from './bridge-page.mjs';
import { makeProject, PROJECT } from './bridge-project.mjs';
import { countOf, percentile, rounded } from './events-figures.mjs';
import { startStore, startSystem } from './events-processes.mjs';
import { GateClient } from './gate-under-test.mjs';

const HELP = `usage: node tools/bench/bridge.mjs [options]

  --stages, --services, --runs  of the project            default: 10, 50, 100000
  --slowdown N                  of the browser's CPU      default: 4
  --loads N                     of the first view, of which the median counts   default: 5
  --scrolls N                   of the list of runs                             default: 5
  --seconds N                   of scrolling, each        default: 15
  --events N                    that stream in while memory is watched          default: 6000
  --port N                      of the gateway, those above it are used as well default: 28080`;

const TARGETS = { firstViewMs: 1_000, scriptBytes: 200_000, frameMs: 50, growth: 1.2 };

/** Events a second; with the default number of them it is an hour of 10 a second in less time. */
const RATE = 100;

/** Of the events after which the page has all that it keeps, as a share. */
const WARM_UP = 0.3;

const { values: options } = parseArgs({
  options: {
    stages: { type: 'string', default: '10' },
    services: { type: 'string', default: '50' },
    runs: { type: 'string', default: '100000' },
    slowdown: { type: 'string', default: '4' },
    loads: { type: 'string', default: '5' },
    scrolls: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '15' },
    events: { type: 'string', default: '6000' },
    port: { type: 'string', default: '28080' },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  console.log(HELP);
  process.exit(0);
}
const [stages, services, runs] = [
  countOf(options.stages, 'stages'),
  countOf(options.services, 'services'),
  countOf(options.runs, 'runs'),
];

/**
 * What the Bridge of Keptn 0.7.3 asks for to show the same: the list of projects and once for each stage of it; for each service its
 * roots and the trace of each of the 20 that it takes; nothing of all runs; a trace again and again; a trace and the evaluations.
 */
const ORIGINAL = {
  projects: `${1 + stages}, read again by hand`,
  board: `${services * (1 + Math.min(20, Math.floor(runs / services)))}, the roots again every 30 s`,
  runs: 'no such view; 20 runs of each service',
  run: '1, again every 10 s',
  evaluations: '2',
  approvals: 'no such view',
  problems: 'no such view',
};

/** @param {string} name @param {boolean} isMet @param {string} text */
const judge = (name, isMet, text) => {
  console.log(`${isMet ? 'met   ' : 'MISSED'} ${name}: ${text}`);
};

/** @param {string} url @returns {Promise<number>} bytes as they are sent with gzip */
const gzippedSize = (url) =>
  new Promise((resolve, reject) => {
    get(url, { headers: { 'accept-encoding': 'gzip' } }, async (response) => {
      let bytes = 0;
      for await (const chunk of response) bytes += chunk.length;
      resolve(bytes);
    }).on('error', reject);
  });

/** @param {BridgePage} page */
async function measureFirstView(page) {
  const times = [];
  for (let load = 0; load < countOf(options.loads, 'loads'); load++) {
    await page.show(`project/${PROJECT}`);
    times.push(await page.timeTo('table.board'));
  }
  const median = percentile(times, 0.5);
  const shown = `${Math.round(median)} ms after the document (${times.map(Math.round).join(', ')})`;
  judge('first view of the project', median < TARGETS.firstViewMs, `${shown}, target ${TARGETS.firstViewMs}`);
  const sizes = await Promise.all((await page.scripts()).map(gzippedSize));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  judge('JavaScript of the view', bytes < TARGETS.scriptBytes, `${rounded(bytes / 1000)} KB with gzip, target 200`);
}

/** @param {BridgePage} page @param {string} keptnContext of a run */
async function countRequests(page, keptnContext) {
  const views = {
    projects: '',
    board: `project/${PROJECT}`,
    runs: `runs?project=${PROJECT}`,
    run: `run/${keptnContext}`,
    evaluations: `evaluations/${PROJECT}/stage-01/service-01`,
    approvals: 'approvals',
    problems: 'problems',
  };
  const rows = [];
  for (const [view, path] of Object.entries(views)) {
    const asked = await page.show(path);
    rows.push({
      view,
      requests: asked.length,
      'Bridge of 0.7.3': ORIGINAL[/** @type {keyof typeof ORIGINAL} */ (view)],
    });
  }
  console.log('requests of each view, beside one stream of events that all views share:');
  console.table(rows);
  judge(
    'one request a view',
    rows.every(({ requests }) => requests === 1),
    rows.map(({ requests }) => requests).join(', '),
  );
}

// Frames begin with the display, so that one of 50 ms may be told as 50.1.
/** @param {number[]} frames */
const longestOf = (frames) => Math.round(Math.max(...frames));

/** @param {BridgePage} page */
async function measureScrolling(page) {
  const seconds = countOf(options.seconds, 'seconds');
  /** @type {number[]} */
  const longest = [];
  /** @type {number[]} of a page of plain text, which shows what the machine and the browser do by themselves */
  const longestOfText = [];
  /** @type {number[]} */
  const all = [];
  let pages = 0;
  for (let scroll = 0; scroll < countOf(options.scrolls, 'scrolls'); scroll++) {
    await page.showPlainText();
    longestOfText.push(longestOf(await page.scroll(seconds)));
    await page.show(`runs?project=${PROJECT}`);
    const frames = await page.scroll(seconds);
    longest.push(longestOf(frames));
    all.push(...frames);
    pages += page.takeRequests().length;
  }
  console.log(`longest frames of a page of plain text, scrolled in turn with the runs: ${longestOfText.join(', ')} ms`);
  const shown = `longest frames ${longest.join(', ')} ms, p99 ${Math.round(percentile(all, 0.99))} ms, of ${all.length}`;
  const isMet = longest.every((ms) => ms <= TARGETS.frameMs);
  judge('scrolling the runs', isMet, `${shown}, with ${pages} more pages, target ${TARGETS.frameMs}`);
}

/** @param {BridgePage} page @param {GateClient} client */
async function watchMemory(page, client) {
  const count = countOf(options.events, 'events');
  await page.show(`project/${PROJECT}`);
  const heaps = [await page.heap()];
  for (const [from, to] of [
    [0, Math.floor(count * WARM_UP)],
    [Math.floor(count * WARM_UP), count],
  ]) {
    await stream(client, Number(to) - Number(from));
    heaps.push(await page.heap());
  }
  const [first = 0, warm = 0, last = 0] = heaps;
  const shown = heaps.map((heap) => `${rounded(heap)} MiB`).join(', ');
  const growth = last / Math.max(warm, first);
  judge(
    'memory under a stream',
    growth < TARGETS.growth,
    `${shown} before, after ${WARM_UP * 100} %, after ${count} events`,
  );
}

/** @param {GateClient} client @param {number} count */
async function stream(client, count) {
  const begin = performance.now();
  for (let index = 0; index < count; index++) {
    const ahead = begin + (index * 1000) / RATE - performance.now();
    if (ahead > 0) await delay(ahead);
    await client.post('/v1/event', changeOf(index));
  }
}

/** @param {number} index */
const changeOf = (index) => ({
  type: 'sh.keptn.event.configuration.change',
  source: 'bench',
  shkeptncontext: randomUUID(),
  data: {
    ...{ project: PROJECT, stage: 'stage-01', service: `service-${String((index % services) + 1).padStart(2, '0')}` },
    valuesCanary: { image: `docker.io/example/carts:${index}` },
  },
});

const store = await startStore();
const system = await startSystem({
  port: countOf(options.port, 'port'),
  environment: { MONGODB_URI: store.uri },
});
const client = new GateClient(system);
console.log(
  `a project of ${stages} stages, ${services} services and ${runs} runs; CPU slowed ${options.slowdown} times`,
);
await makeProject(client, store.uri, { stages, services, runs });
const run = await client.post('/v1/event', changeOf(0));
const page = await BridgePage.open(system.endpoint.replace(/api$/, 'bridge/'), Number(options.slowdown));
try {
  await page.signIn(system.token);
  await measureFirstView(page);
  await countRequests(page, /** @type {{ keptnContext: string }} */ (run).keptnContext);
  await measureScrolling(page);
  await watchMemory(page, client);
} finally {
  await page.close();
  await system.stop();
  await store.stop();
}
