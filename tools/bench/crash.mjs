/**
 * Kills configuration-service with SIGKILL under load, at random moments, again and again, and checks that nothing that
 * was acknowledged is lost. Build first (`npx nx run-many -t build`).
 *
 *   node tools/bench/crash.mjs [--seconds 60] [--rounds 20] [--writers 8] [--readers 4]
 *
 * The first round lasts the given seconds, each further one a random part of 2 seconds. Ends with 1 on any violation.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { CrashClients, PROJECT, STAGE } from './crash-clients.mjs';
import { Connection } from './load.mjs';
import { commitsByRequest, fsck, leftovers, wrongContents } from './repository-check.mjs';
import { shipyardOf } from './seeded-project.mjs';
import { ServiceUnderTest } from './service-under-test.mjs';

const HELP = `usage: node tools/bench/crash.mjs [options]
  --seconds N  length of the first round; each further one is a random part of 2 seconds (60)
  --rounds N   how many times the service is killed (20)
  --writers N  clients that write, all on one stage (8)
  --readers N  clients that read the same files (4)`;

/** Milliseconds: the longest time from a start to the next kill, after the first round. */
const LONGEST_ROUND = 2_000;
const SHOWN_VIOLATIONS = 20;

/** @param {string} url */
async function createProject(url) {
  const connection = new Connection(url);
  const body = { projectName: PROJECT, shipyard: shipyardOf([STAGE]) };
  await connection.call({ method: 'POST', path: '/v1/project', body });
  await connection.close();
}

/**
 * Load until the moment has come, then SIGKILL.
 * @param {CrashClients} clients @param {import('./service-under-test.mjs').Server} service @param {number} moment milliseconds
 */
async function loadUntilKilled(clients, service, moment) {
  let isAlive = true;
  const load = clients.run(service.url, () => isAlive);
  await delay(moment);
  isAlive = false;
  await service.kill();
  await load;
}

/**
 * Every acknowledged write has exactly one commit, the one that the answer named, and it holds what was written.
 * @param {string} repository @param {CrashClients} clients @param {number} alreadyChecked writes whose content was looked at before
 */
function checkWrites(repository, { acknowledged, unanswered }, alreadyChecked) {
  const commits = commitsByRequest(repository, STAGE);
  const wrong = acknowledged
    .filter(({ requestId, version }) => commits.get(requestId)?.join() !== version)
    .map(
      ({ requestId, version }) =>
        `${requestId} was acknowledged as ${version}, Git has ${commits.get(requestId)?.join() ?? 'nothing'}`,
    );
  const twice = unanswered
    .filter(({ requestId }) => (commits.get(requestId)?.length ?? 0) > 1)
    .map(({ requestId }) => `${requestId} has more than one commit`);
  return [...wrong, ...twice, ...wrongContents(repository, acknowledged.slice(alreadyChecked))];
}

/** @param {string} repository @param {CrashClients} clients */
const happenedUnanswered = (repository, { unanswered }) => {
  const commits = commitsByRequest(repository, STAGE);
  return unanswered.filter(({ requestId }) => commits.has(requestId)).length;
};

/** @param {ServiceUnderTest} subject @param {{ seconds: number, rounds: number, writers: number, readers: number }} options */
async function crash(subject, { seconds, rounds, writers, readers }) {
  const clients = new CrashClients({ writers, readers });
  const repository = subject.repositoryOf(PROJECT);
  const rows = [];
  let service = await subject.start();
  await createProject(service.url);
  for (let round = 1; round <= rounds; round += 1) {
    const [writesBefore, readsBefore, found] = [clients.acknowledged.length, clients.reads, clients.violations.length];
    const moment = round === 1 ? seconds * 1000 : Math.random() * LONGEST_ROUND;
    await loadUntilKilled(clients, service, moment);
    const killed = performance.now();
    service = await subject.start();
    const readyAfter = performance.now() - killed;
    clients.violations.push(...leftovers(repository), ...fsck(repository));
    clients.violations.push(...checkWrites(repository, clients, writesBefore));
    rows.push({
      round,
      'killed after ms': Math.round(moment),
      acknowledged: clients.acknowledged.length - writesBefore,
      reads: clients.reads - readsBefore,
      'ready again after ms': Math.round(readyAfter),
      violations: clients.violations.length - found,
    });
    await clients.readAll(service.url);
  }
  console.table(rows);
  const landed = happenedUnanswered(repository, clients);
  console.log(
    `${clients.acknowledged.length} acknowledged writes, ${clients.reads} reads; ` +
      `of ${clients.unanswered.length} unanswered writes ${landed} happened`,
  );
  return clients.violations;
}

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    rounds: { type: 'string', default: '20' },
    writers: { type: 'string', default: '8' },
    readers: { type: 'string', default: '4' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
const subject = new ServiceUnderTest();
try {
  const violations = await crash(subject, {
    seconds: Number(values.seconds),
    rounds: Number(values.rounds),
    writers: Number(values.writers),
    readers: Number(values.readers),
  });
  const packings = readFileSync(join(subject.folder, 'service.log'), 'utf8').split('Packed repository').length - 1;
  console.log(`the repository was packed ${packings} times meanwhile`);
  violations.slice(0, SHOWN_VIOLATIONS).forEach((violation) => console.error(violation));
  console.log(violations.length === 0 ? 'no violation' : `${violations.length} VIOLATIONS`);
  process.exitCode = violations.length === 0 ? 0 : 1;
} finally {
  await subject.dispose();
}
