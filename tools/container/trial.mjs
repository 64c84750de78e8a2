/**
 * Starts the image of each service as a careful operator would (read-only, without capabilities, as user 10001) and shows that
 * it answers within ten seconds, and that on SIGTERM it finishes what it was asked and ends within ten.
 *
 *   node tools/container/trial.mjs
 *
 * The images must be there. Environment: IMAGE_PREFIX, IMAGE_TAG, CONTAINER_TOOL as for
 * tools/container/build-image.mjs; LIMIT_SECONDS, 10 by default, for a machine that is busy with other things.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { SlowRequest } from './slow-request.mjs';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const { IMAGE_PREFIX = 'keptn', IMAGE_TAG = version, CONTAINER_TOOL = 'docker', LIMIT_SECONDS = '10' } = process.env;

/** How long a start and an end may take, in milliseconds. */
const LIMIT = Number(LIMIT_SECONDS) * 1000;
const TOKEN = randomUUID();
const SETTINGS = {
  KEPTN_API_TOKEN: TOKEN,
  KEPTN_DATA_DIR: '/data',
  MONGODB_URI: 'mongodb://mongodb.invalid:27017/keptn',
};

/** Where each service reads a body, which is made to arrive slowly. */
const SLOW_ROUTES = {
  'api-service': '/v1/event',
  'configuration-service': '/v1/project',
  'mongodb-datastore': '/event',
};

for (const [service, route] of Object.entries(SLOW_ROUTES)) {
  await withContainer(service, {}, (container) => showEnd(service, container, route));
}
await withContainer('api-service', {}, ({ address }) =>
  withContainer('api-gateway', { API_SERVICE_URL: `http://${address}:8080` }, (container) =>
    showEnd('api-gateway', container, '/api/v1/event'),
  ),
);
await withContainer('development-mongodb', {}, (container) => showEnd('development-mongodb', container));

/** @typedef {{ id: string, port: number, address: string }} Container */

/**
 * Starts a container, waits until it answers, and removes it when `use` is done.
 *
 * @param {string} service
 * @param {Record<string, string>} settings
 * @param {(container: Container) => Promise<void>} use
 */
async function withContainer(service, settings, use) {
  const id = docker(
    ...[
      'run',
      '--detach',
      '--read-only',
      '--cap-drop',
      'ALL',
      '--security-opt',
      'no-new-privileges',
      '--user',
      '10001',
    ],
    ...['--tmpfs', '/tmp', '--tmpfs', '/data:uid=10001,mode=0700', '--publish', '127.0.0.1::8080'],
    ...Object.entries({ ...SETTINGS, ...settings }).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    `${IMAGE_PREFIX}/${service}:${IMAGE_TAG}`,
  );
  try {
    const started = performance.now();
    const port = Number(docker('port', id, '8080').split(':').at(-1));
    await untilHealthy(port);
    const took = performance.now() - started;
    assert.ok(took < LIMIT, docker('logs', id));
    assert.equal(docker('exec', id, 'node', '--print', 'process.getuid()'), '10001');
    docker('exec', id, 'node', 'healthcheck.mjs');
    console.log(`${service}: answers /health after ${Math.round(took)} ms`);
    await use({ id, port, address: docker('inspect', '--format', '{{.NetworkSettings.IPAddress}}', id) });
  } finally {
    docker('rm', '--force', id);
  }
}

/**
 * @param {string} service
 * @param {Container} container
 * @param {string} [route] takes a body
 */
async function showEnd(service, { id, port }, route) {
  const slow = route === undefined ? undefined : new SlowRequest({ port, route, token: TOKEN });
  await slow?.begin();
  const started = performance.now();
  docker('kill', '--signal', 'TERM', id);
  // The end is under way before the body is complete.
  await delay(1_000);
  const status = await slow?.finish();
  const code = docker('wait', id);
  const took = performance.now() - started;
  const answered = status === undefined ? '' : `, the request in flight was answered with ${status}`;
  console.log(`${service}: ended ${Math.round(took)} ms after SIGTERM with code ${code}${answered}`);
  assert.ok(took < LIMIT);
  assert.equal(code, '0', docker('logs', id));
  // The body, {}, says nothing; or the database, which is not here, was asked first. Either is an answer.
  assert.match(status ?? '400', /^(?:400|422|503)$/);
}

/** @param {number} port */
async function untilHealthy(port) {
  const deadline = performance.now() + LIMIT;
  while (performance.now() < deadline) {
    if ((await statusOf(`http://127.0.0.1:${port}/health`)) === 200) {
      return;
    }
    await delay(100);
  }
}

/**
 * @param {string} url
 * @returns {Promise<number | undefined>} undefined when there is no answer
 */
function statusOf(url) {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: 1_000 }, (response) => resolve(response.resume().statusCode));
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(undefined));
  });
}

/** @param {...string} args */
function docker(...args) {
  return execFileSync(CONTAINER_TOOL, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}
