/**
 * Installs the development overlay in the cluster that kubectl points to, as docs/operate says it, command by command, and
 * tries what an operator relies on: waiting for the token, a first delivery, the loss of every pod, restarts under load,
 * backup, wipe and restore, and what is left after the deletion. The namespace keptn must not exist; it does not afterwards.
 *
 *   node tools/cluster/trial.mjs
 *
 * LOAD_IMAGE is the command that brings an image to the nodes, e.g. `kind load docker-image`; BASE_IMAGE and CONTAINER_TOOL as
 * for the images; IMAGES=ready leaves out building and loading.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { Documentation } from './documentation.mjs';
import { Installation, OVERLAY, REPLICATED, untilAnswered } from './installation.mjs';
import { MemoryWatch } from './memory.mjs';
import { restartsUnderLoad } from './restarts.mjs';
import { Terminal } from './terminal.mjs';

/** Blocks of docs/operate/install.md, by their numbers. */
const INSTALL = { images: [1, 2], token: 3, apply: 4, access: 5, delivery: 6 };

/** What docs/operate/uninstall.md says that stays, of what this trial makes. */
const STAYS = [
  'persistentvolumeclaim/data-configuration-service-0',
  'persistentvolumeclaim/data-mongodb-0',
  'secret/keptn-api-token',
];

/** Files that the documentation's commands write. */
const WRITTEN_FILES = /\b(?:keptn-backup\.tar|sockshop\.ndjson)\b/g;

/** Within this time a kubelet brings a changed secret into the pods, with some to spare. */
const MOUNT_SECONDS = 180;

const terminal = new Terminal();
const workplace = mkdtempSync(join(tmpdir(), 'keptn-trial-'));
const installation = new Installation(terminal);
const documentation = new Documentation('docs/operate', terminal, (commands) =>
  commands.replaceAll(WRITTEN_FILES, (file) => join(workplace, file)),
);

try {
  // What the documentation installs is not for this machine to keep.
  await terminal.run(`export NPM_CONFIG_PREFIX=${workplace}/npm PATH=${workplace}/npm/bin:$PATH`);
  await step('the cluster', () => terminal.run('kubectl version --output yaml | grep gitVersion'));
  if (process.env['IMAGES'] !== 'ready') {
    await step('images', images);
  }
  await step('pods wait for the token and say so', waitingForToken);
  await step('namespace and token', () => documentation.run('install', INSTALL.token));
  await step('apply, until everything is ready', () => documentation.run('install', INSTALL.apply));
  await step('memory at rest', memoryAtRest);
  await step('the first request', () => documentation.run('install', INSTALL.access));
  await step('the first delivery', () => documentation.run('install', INSTALL.delivery));
  for (const document of ['access', 'event-log', 'troubleshooting', 'upgrade']) {
    await step(`docs/operate/${document}.md`, () => documentation.run(document));
  }
  await step('an upstream from a secret', upstreamFromSecret);
  await step('every pod is deleted', deletionOfEveryPod);
  await step(`${REPLICATED.join(', ')} restarted under load`, () => restartsUnderLoad(terminal, installation));
  await step('backup, wipe and restore', backupWipeRestore);
  await step('uninstall', uninstall);
  if (process.env['IMAGES'] !== 'ready') {
    assert.deepEqual(documentation.unexecuted(), [], 'commands in docs/operate that this trial does not run');
  }
  console.log('\nEverything held.');
} finally {
  await terminal.run('kubectl delete namespace keptn --ignore-not-found');
  terminal.close();
  rmSync(workplace, { recursive: true, force: true });
}

/**
 * @param {string} name
 * @param {() => Promise<string>} act
 */
async function step(name, act) {
  const startedAt = performance.now();
  const said = await act();
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  console.log(`${name}: ${seconds} s${said ? `\n${said.trimEnd().replaceAll(/^/gm, '    ')}` : ''}`);
}

/** Of what the builds say, the sizes. */
async function images() {
  const said = await documentation.run('install', ...INSTALL.images);
  return said
    .split('\n')
    .filter((line) => / MB, of which$/.test(line))
    .join('\n');
}

async function waitingForToken() {
  await terminal.run(`kubectl create namespace keptn; kubectl apply --kustomize ${OVERLAY}`);
  const pod = '--namespace keptn describe pod --selector app.kubernetes.io/name=api-service';
  const said = await terminal.run(
    `for _ in $(seq 60); do kubectl ${pod} | grep 'secret "keptn-api-token" not found' && break; sleep 1; done
     kubectl --namespace keptn get pods --output jsonpath='{range .items[*]}{.metadata.name} restarts {.status.containerStatuses[0].restartCount}{"\\n"}{end}'
     kubectl delete namespace keptn`,
  );
  assert.match(said, /secret "keptn-api-token" not found/);
  assert.doesNotMatch(said, /restarts [1-9]/);
  return said.trim().split('\n')[0] ?? '';
}

async function memoryAtRest() {
  const memory = new MemoryWatch();
  await delay(30_000);
  return memory.end();
}

/** The address in the documentation is nobody's: what counts is that the project has it, and goes on without an answer. */
async function upstreamFromSecret() {
  const before = await installation.content();
  const api = await installation.api();
  const address = async () => (await api.get('/configuration-service/v1/project/sockshop')).gitRemoteURI;
  await documentation.run('upstream', 1);
  await untilAnswered(
    async () => assert.equal(await address(), 'https://git.example.com/team/sockshop.git'),
    MOUNT_SECONDS,
  );
  assert.deepEqual(await installation.content(), before);
  await documentation.run('upstream', 2);
  await untilAnswered(async () => assert.equal(await address(), undefined), MOUNT_SECONDS);
  return 'set, and removed again, without a restart';
}

async function deletionOfEveryPod() {
  const before = await installation.content();
  assert.ok(before.events.length > 0 && Object.keys(before.resources).length > 0);
  await terminal.run('kubectl --namespace keptn delete pod --all');
  await installation.untilReady();
  assert.deepEqual(await installation.content(), before);
  return `${Object.keys(before.resources).length} resources and ${before.events.length} events as before`;
}

async function backupWipeRestore() {
  const before = await installation.content();
  const saved = await documentation.run('backup', 1);
  await terminal.run(`kubectl delete --kustomize ${OVERLAY}`);
  assert.deepEqual(await installation.leftovers(), STAYS);
  await terminal.run('kubectl --namespace keptn delete persistentvolumeclaim --all');
  await terminal.run(`kubectl apply --kustomize ${OVERLAY}`);
  await installation.untilReady();
  assert.deepEqual((await installation.content()).projects, []);
  const restored = await documentation.run('backup', 2, 3);
  assert.deepEqual(await installation.content(), before);
  const { projects, resources, events } = before;
  const figures = [projects, Object.keys(resources), events].map(({ length }) => length);
  return `${saved}${restored}${figures[0]} projects, ${figures[1]} resources and ${figures[2]} events, equal in every byte`;
}

async function uninstall() {
  await documentation.run('uninstall', 1);
  const left = await installation.leftovers();
  assert.deepEqual(left, STAYS);
  await documentation.run('uninstall', 2);
  return `left: ${left.join(', ')}; then the namespace is deleted`;
}
