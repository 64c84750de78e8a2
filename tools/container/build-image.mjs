/**
 * Builds the container image of one app and says how large it is and what takes the space.
 *
 *   npx nx container api-service
 *
 * Environment: IMAGE_PREFIX (default keptn), IMAGE_TAG (default the version of package.json), BASE_IMAGE (default that of
 * deploy/Dockerfile), CONTAINER_TOOL (default docker; podman works as well).
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import process from 'node:process';

const app = process.argv[2];
if (app === undefined || !/^[a-z-]+$/.test(app)) {
  console.error('usage: node tools/container/build-image.mjs <app>, e.g. api-service');
  process.exit(2);
}

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const { IMAGE_PREFIX = 'keptn', IMAGE_TAG = version, BASE_IMAGE, CONTAINER_TOOL = 'docker' } = process.env;
const image = `${IMAGE_PREFIX}/${app}:${IMAGE_TAG}`;
const revision = output('git', ['rev-parse', 'HEAD']);

const baseImage = BASE_IMAGE === undefined ? [] : ['--build-arg', `BASE_IMAGE=${BASE_IMAGE}`];
const labels = [`version=${version}`, `revision=${revision}`].flatMap((label) => [
  '--label',
  `org.opencontainers.image.${label}`,
]);
run(['build', '--file', 'deploy/Dockerfile', '--target', app, '--tag', image, ...baseImage, ...labels, '.']);
printSizes();

function printSizes() {
  const bytes = Number(output(CONTAINER_TOOL, ['image', 'inspect', '--format', '{{.Size}}', image]));
  console.log(`\n${image}: ${Math.round(bytes / 1e6)} MB, of which`);
  const layers = output(CONTAINER_TOOL, ['history', '--no-trunc', '--format', '{{.Size}}\t{{.CreatedBy}}', image]);
  for (const [size = '', step = ''] of layers.split('\n').map((line) => line.split('\t'))) {
    if (!size.startsWith('0')) {
      console.log(`  ${size.padStart(8)}  ${step.replace(/^\/bin\/sh -c (?:#\(nop\) +)?/, '').slice(0, 100)}`);
    }
  }
}

/** @param {readonly string[]} args */
function run(args) {
  const { status, error } = spawnSync(CONTAINER_TOOL, args, {
    stdio: 'inherit',
  });
  if (error !== undefined) {
    console.error(`${CONTAINER_TOOL} cannot be run: ${error.message}`);
  }
  if (status !== 0) {
    process.exit(status ?? 1);
  }
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 */
function output(command, args) {
  return spawnSync(command, args, { encoding: 'utf8' }).stdout?.trim() ?? '';
}
