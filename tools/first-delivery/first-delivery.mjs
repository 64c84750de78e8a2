/**
 * A first delivery, from the project to its evaluation, through the public API of a running control plane.
 *
 * It plays all parts: the person who creates a project, the CI job that announces a new artifact, and the services that
 * deploy, test and evaluate it and answer with events in the same Keptn context.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { connectKeptnApi, KeptnApiError } from './keptn-api.mjs';

const HELP = `usage: npm run first-delivery -- [--project NAME] [--endpoint URL] [--token TOKEN]

  --project   name of the project to create                default: sockshop
  --endpoint  of the API        or KEPTN_ENDPOINT          default: http://localhost:8080/api
  --token     API token         or KEPTN_API_TOKEN         default: the one in KEPTN_DATA_DIR (.keptn), as npm start made it`;

const here = dirname(fileURLToPath(import.meta.url));

/** How long the views may take to follow the event log, in milliseconds. */
const VIEW_TIMEOUT_MS = 10_000;

const IMAGE = 'docker.io/keptnexamples/carts';
const TAG = '0.13.1';
const STAGE = 'dev';

/** @param {string} file of the examples folder */
const base64Of = (file) => readFileSync(join(here, 'examples', file)).toString('base64');

/** @param {string} title @param {() => Promise<any>} work */
async function step(title, work) {
  const startedAt = performance.now();
  process.stdout.write(`  ${title} `.padEnd(72, '.'));
  const result = await work();
  process.stdout.write(` done  ${Math.round(performance.now() - startedAt)} ms\n`);
  return result;
}

/** @param {import('./keptn-api.mjs').KeptnApi} api @param {string} project */
async function prepareProject(api, project) {
  await step(`create project ${project} with the stages dev, staging, production`, () =>
    api.call('POST', '/v1/project', { name: project, shipyard: base64Of('shipyard.yaml') }),
  );
  for (const service of ['carts', 'carts-db']) {
    await step(`create service ${service}`, () =>
      api.call('POST', `/v1/project/${project}/service`, { serviceName: service }),
    );
  }
  /** @type {[resource: string, file: string, service: string][]} */
  const resources = [
    ['slo.yaml', 'slo.yaml', 'carts'],
    ['prometheus/sli.yaml', 'sli.yaml', 'carts'],
    ['jmeter/load.jmx', 'load.jmx', 'carts'],
    ['helm/carts.tgz', 'carts.tgz', 'carts'],
    ['helm/carts-db.tgz', 'carts-db.tgz', 'carts-db'],
  ];
  for (const [resourceURI, file, service] of resources) {
    await step(`upload ${resourceURI} for ${service} in ${STAGE}`, () =>
      api.call('POST', `/configuration-service/v1/project/${project}/stage/${STAGE}/service/${service}/resource`, {
        resources: [{ resourceURI, resourceContent: base64Of(file) }],
      }),
    );
  }
}

/** @param {import('./keptn-api.mjs').KeptnApi} api @param {string} project @returns {Promise<string>} the Keptn context of the delivery */
async function deliver(api, project) {
  const common = { project, stage: STAGE, service: 'carts', labels: null };
  const strategies = { teststrategy: 'functional', deploymentstrategy: 'direct' };
  const { keptnContext } = await step(`new artifact ${IMAGE}:${TAG}: configuration.change`, () =>
    api.call('POST', '/v1/event', {
      type: 'sh.keptn.event.configuration.change',
      source: 'https://github.com/keptn/keptn/cli#configuration-change',
      data: { ...common, valuesCanary: { image: `${IMAGE}:${TAG}` }, canary: { value: 100, action: 'set' } },
    }),
  );
  const start = new Date();
  const end = new Date(start.getTime() + 120_000);
  /** @type {[type: string, source: string, data: object][]} */
  const answers = [
    ['sh.keptn.events.deployment-finished', 'helm-service', { ...common, ...strategies, image: IMAGE, tag: TAG }],
    ['sh.keptn.events.tests-finished', 'jmeter-service', { ...common, ...strategies, start, end, result: 'pass' }],
    ['sh.keptn.events.evaluation-done', 'lighthouse-service', { ...common, ...strategies, ...evaluation(start, end) }],
  ];
  for (const [type, source, data] of answers) {
    await step(`${source} answers: ${type.split('.').at(-1)}`, () =>
      api.call('POST', '/v1/event', { type, source, shkeptncontext: keptnContext, data }),
    );
  }
  return keptnContext;
}

/** @param {Date} start @param {Date} end */
const evaluation = (start, end) => ({
  result: 'pass',
  evaluationdetails: {
    timeStart: start,
    timeEnd: end,
    result: 'pass',
    score: 100,
    sloFileContent: base64Of('slo.yaml'),
    indicatorResults: [
      {
        score: 1,
        status: 'pass',
        value: { metric: 'response_time_p95', value: 312.4, success: true },
        targets: [{ criteria: '<600', targetValue: 600, violated: false }],
      },
    ],
  },
});

/** @param {import('./keptn-api.mjs').KeptnApi} api @param {string} project @param {string} keptnContext */
async function report(api, project, keptnContext) {
  const service = await step('wait for the view of carts to show the evaluation', () =>
    seenInView(api, project, keptnContext),
  );
  const stages = await api.call('GET', `/configuration-service/v1/project/${project}/stage`);
  const resources = await api.call(
    'GET',
    `/configuration-service/v1/project/${project}/stage/${STAGE}/service/carts/resource`,
  );
  const slo = await api.call(
    'GET',
    `/configuration-service/v1/project/${project}/stage/${STAGE}/service/carts/resource/slo.yaml`,
  );
  const trace = await api.call('GET', `/mongodb-datastore/event?keptnContext=${keptnContext}&pageSize=100`);
  const metadata = await api.call('GET', '/v1/metadata');
  const latest = await api.call('GET', `/v1/event?keptnContext=${keptnContext}&type=sh.keptn.events.evaluation-done`);
  printTable([
    ['api-service', 'Keptn version', metadata.keptnversion],
    ['', 'evaluation', `${latest.data.result}, score ${latest.data.evaluationdetails.score}`],
    ['configuration-service', 'stages', stages.stages.map((/** @type {any} */ stage) => stage.stageName).join(', ')],
    ['', `carts in ${STAGE}`, service.deployedImage],
    ['', 'resources of carts', `${resources.totalCount} files`],
    ['', 'slo.yaml at commit', slo.metadata.version.slice(0, 10)],
    ['mongodb-datastore', 'Keptn context', keptnContext],
    ...trace.events
      .toReversed()
      .map((/** @type {any} */ event) => ['', event.time, `${event.type} (${event.source.split('/').at(-1)})`]),
  ]);
}

/** @param {import('./keptn-api.mjs').KeptnApi} api @param {string} project @param {string} keptnContext */
async function seenInView(api, project, keptnContext) {
  const deadline = performance.now() + VIEW_TIMEOUT_MS;
  while (performance.now() < deadline) {
    const service = await api.call('GET', `/configuration-service/v1/project/${project}/stage/${STAGE}/service/carts`);
    if (service.lastEventTypes?.['sh.keptn.events.evaluation-done']?.keptnContext === keptnContext) {
      return service;
    }
    await delay(50);
  }
  throw new Error(`the view of configuration-service did not show the evaluation within ${VIEW_TIMEOUT_MS / 1000} s`);
}

/** @param {string[][]} rows */
function printTable(rows) {
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  console.log();
  for (const [api = '', what = '', value = ''] of rows) {
    console.log(`  ${api.padEnd(widths[0] ?? 0)}  ${what.padEnd(widths[1] ?? 0)}  ${value}`);
  }
  console.log();
}

async function main() {
  const { values } = parseArgs({
    options: {
      project: { type: 'string', default: 'sockshop' },
      endpoint: { type: 'string' },
      token: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const { project } = values;
  const api = connectKeptnApi(values);
  console.log(`A first delivery at ${api.endpoint}\n`);
  await prepareProject(api, project);
  const keptnContext = await deliver(api, project);
  await report(api, project, keptnContext);
}

try {
  await main();
} catch (error) {
  console.error(`\n\nThe delivery stopped: ${error instanceof Error ? error.message : error}`);
  if (error instanceof KeptnApiError && error.status === 409) {
    console.error('Choose another name with --project, or delete the project first.');
  }
  process.exit(1);
}
