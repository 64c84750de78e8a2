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
import { Api } from './api.mjs';
import { readContent } from './content.mjs';
import { commandBlocks } from './documented-commands.mjs';
import { Load } from './load.mjs';
import { Terminal } from './terminal.mjs';

const OVERLAY = 'deploy/overlays/development';
const REPLICATED = ['deployment/api-gateway', 'deployment/api-service', 'deployment/mongodb-datastore'];
const ONCE = ['statefulset/mongodb', 'statefulset/configuration-service'];
/** What docs/operate/uninstall.md says that stays. */
const STAYS = [
  'secret/keptn-api-token',
  'persistentvolumeclaim/data-configuration-service-0',
  'persistentvolumeclaim/data-mongodb-0',
];
/** What Kubernetes itself puts into every namespace. */
const OF_KUBERNETES =
  /^(?:serviceaccount\/default|secret\/default-token-\w+|configmap\/kube-root-ca\.crt|event|endpoints|lease)/;

const terminal = new Terminal();
const workplace = mkdtempSync(join(tmpdir(), 'keptn-trial-'));

try {
  // What the documentation installs is not for this machine to keep.
  await terminal.run(`export NPM_CONFIG_PREFIX=${workplace}/npm PATH=${workplace}/npm/bin:$PATH`);
  await step('the cluster', () => terminal.run('kubectl version --output yaml | grep gitVersion'));
  await step('pods wait for the token and say so', waitingForToken);
  await install();
  await step('docs/operate/access.md', () => document('access'));
  await step('docs/operate/upgrade.md', () => document('upgrade'));
  await deletionOfEveryPod();
  await backupWipeRestore();
  await restartsUnderLoad();
  await uninstall();
  console.log('\nEverything held.');
} finally {
  await terminal.run('kubectl delete namespace keptn --ignore-not-found');
  terminal.close();
  rmSync(workplace, { recursive: true, force: true });
}

/**
 * @param {string} name
 * @param {() => Promise<string | void>} act
 */
async function step(name, act) {
  const startedAt = performance.now();
  const said = await act();
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  console.log(`${name}: ${seconds} s${said ? `\n${said.trimEnd().replaceAll(/^/gm, '    ')}` : ''}`);
}

/** @param {string} name of a document in docs/operate */
async function document(name) {
  for (const block of commandBlocks(`docs/operate/${name}.md`)) {
    await terminal.run(block);
  }
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
  return said.split('\n')[0]?.trim();
}

async function install() {
  const [build = '', load = '', ...rest] = commandBlocks('docs/operate/install.md');
  if (process.env['IMAGES'] !== 'ready') {
    await step('docs/operate/install.md: images', () => terminal.run(`${build}\n${load}`));
  }
  for (const [index, block] of rest.entries()) {
    await step(`docs/operate/install.md: block ${index + 3}`, () => terminal.run(block));
  }
}

/** The API at the address, and with the token, that the documentation's commands find. */
async function api() {
  const access = commandBlocks('docs/operate/install.md').find((block) => block.includes('KEPTN_ENDPOINT='));
  await terminal.run(access ?? '');
  return new Api(await terminal.variable('KEPTN_ENDPOINT'), await terminal.variable('KEPTN_API_TOKEN'));
}

async function untilReady() {
  for (const workload of [...ONCE, ...REPLICATED]) {
    await terminal.run(`kubectl --namespace keptn rollout status ${workload} --timeout=5m`);
  }
}

async function deletionOfEveryPod() {
  // The token was changed: pods that end still know the old one.
  const before = await untilAnswered(async () => readContent(await api()));
  assert.ok(before.events.length > 0 && Object.keys(before.resources).length > 0);
  await step('every pod is deleted', async () => {
    await terminal.run('kubectl --namespace keptn delete pod --all');
    await untilReady();
  });
  assert.deepEqual(await untilAnswered(async () => readContent(await api())), before);
  console.log(`    ${Object.keys(before.resources).length} resources and ${before.events.length} events as before`);
}

async function restartsUnderLoad() {
  const { endpoint, token } = await api();
  const [project = ''] = (await readContent(await api())).projects;
  await step('two replicas', async () => {
    await terminal.run(`kubectl --namespace keptn scale --replicas=2 ${REPLICATED.join(' ')}`);
    await untilReady();
  });
  const load = new Load(endpoint, token, project);
  await delay(3_000);
  for (const workload of REPLICATED) {
    await restarted(workload);
  }
  await delay(3_000);
  const { requests, lost } = await load.end();
  console.log(`${REPLICATED.join(', ')} restarted under load: ${requests} requests, ${lost} lost`);
  assert.equal(lost, 0, JSON.stringify(load.answers, null, 2));
  const stored = new Set((await readContent(await api())).events.map((event) => JSON.parse(event).id));
  const missing = load.storedEvents.filter((id) => !stored.has(id));
  console.log(`    ${load.storedEvents.length} events acknowledged, ${missing.length} missing in the log`);
  assert.deepEqual(missing, []);
}

/**
 * Restarts a workload and waits, without holding up the clients in this process.
 *
 * @param {string} workload
 */
async function restarted(workload) {
  const old = await podNames();
  await terminal.run(`kubectl --namespace keptn rollout restart ${workload}`);
  const name = workload.replace('deployment/', '');
  const oldPods = old.filter((pod) => pod.startsWith(`pod/${name}-`));
  for (;;) {
    await delay(1_000);
    const now = await podNames();
    if (oldPods.every((pod) => !now.includes(pod))) {
      return;
    }
  }
}

async function podNames() {
  return (await terminal.run('kubectl --namespace keptn get pods --output name')).trim().split('\n');
}

async function backupWipeRestore() {
  const before = await readContent(await api());
  const archive = join(workplace, 'keptn-backup.tar');
  const [save = '', restore = '', start = ''] = commandBlocks('docs/operate/backup.md').map((block) =>
    block.replaceAll('keptn-backup.tar', archive),
  );
  await step('backup', () => terminal.run(save));
  await step('deletion', async () => {
    await terminal.run(`kubectl delete --kustomize ${OVERLAY}`);
    return `left: ${(await leftovers()).join(', ')}`;
  });
  await step('wipe', () => terminal.run('kubectl --namespace keptn delete persistentvolumeclaim --all'));
  await step('a new installation', async () => {
    await terminal.run(`kubectl apply --kustomize ${OVERLAY}`);
    await untilReady();
  });
  assert.deepEqual((await untilAnswered(async () => readContent(await api()))).projects, []);
  await step('restore', () => terminal.run(`${restore}\n${start}`));
  assert.deepEqual(await untilAnswered(async () => readContent(await api())), before);
  const { projects, resources, events } = before;
  console.log(
    `    ${projects.length} projects, ${Object.keys(resources).length} resources and ${events.length} events, equal in every byte`,
  );
}

/** @returns {Promise<string[]>} what is in the namespace that Kubernetes did not put there, once everything has ended */
async function leftovers() {
  await terminal.run('kubectl --namespace keptn wait --for=delete pod --all --timeout=2m');
  const list = await terminal.run(
    `kubectl --namespace keptn get "$(kubectl api-resources --namespaced --verbs=list --output name | paste -sd,)" --output name 2>/dev/null`,
  );
  const left = list
    .split('\n')
    .map((name) => name.trim().replace(/^(\w+)\.[\w.]*\//, '$1/'))
    .filter((name) => name !== '' && !OF_KUBERNETES.test(name));
  assert.deepEqual(left.sort(), [...STAYS].sort());
  return left;
}

async function uninstall() {
  const [remove = '', removeEverything = ''] = commandBlocks('docs/operate/uninstall.md');
  await step('docs/operate/uninstall.md', async () => {
    await terminal.run(remove);
    const left = await leftovers();
    await terminal.run(removeEverything);
    return `left: ${left.join(', ')}; then the namespace is deleted`;
  });
}

/**
 * Services take a moment to look at each other after a start: the view is compared with Git, deliveries catch up.
 *
 * @template Result
 * @param {() => Promise<Result>} ask
 * @returns {Promise<Result>}
 */
async function untilAnswered(ask) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      if (attempt === 30) {
        throw error;
      }
      await delay(1_000);
    }
  }
}
