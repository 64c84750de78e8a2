/** What can go wrong, for each part of the data folder. */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { flipByte, run } from './disk.mjs';
import { StoreSubject } from './store-subject.mjs';
import { SystemSubject } from './system-subject.mjs';

/** @typedef {import('./round.mjs').Round} Round */
/** @typedef {import('./round.mjs').Start} Start */
/** @typedef {{ name: string, start: () => Start, harm: (round: Round) => Promise<string>, diskBytes?: number, damages?: boolean }} Kind */

/** Enough for the files that a start makes, and full soon. */
const DISK_BYTES = 6 * 2 ** 20;
/** The longest time from the first acknowledged write to a kill, in milliseconds. */
const LONGEST_LIFE_MS = 500;

/** @param {Round} round */
async function kill(round) {
  const subject = await round.start();
  await round.write(subject, 1);
  const writing = round.write(subject, Infinity);
  await delay(round.chances.below(LONGEST_LIFE_MS));
  await subject.end('SIGKILL');
  await writing;
  return 'killed';
}

/** @param {Round} round */
async function fullDisk(round) {
  const subject = await round.start();
  await round.write(subject, 5 + round.chances.below(20));
  round.disk.fill(0);
  const refusal = await round.writeUntilRefused(subject);
  await round.expectRecovery(subject, () => round.disk.free());
  await subject.end('SIGKILL');
  return refusal;
}

/** @param {Round} round */
async function nearlyFullDisk(round) {
  round.disk.fill(400_000 + round.chances.below(600_000));
  const subject = await round.start();
  const refusal = await round.writeUntilRefused(subject);
  await subject.end(round.chances.below(2) === 0 ? 'SIGKILL' : 'SIGTERM');
  round.disk.fill(0);
  await round.expectReadsOrRefusal();
  round.disk.free();
  return refusal;
}

/** @param {Round} round */
async function startOnFullDisk(round) {
  const subject = await round.start();
  await round.write(subject, 5 + round.chances.below(30));
  await subject.end(round.chances.below(2) === 0 ? 'SIGKILL' : 'SIGTERM');
  round.disk.fill(0);
  const outcome = await round.expectReadsOrRefusal();
  round.disk.free();
  return outcome;
}

/** @param {Round} round */
async function readOnlyDisk(round) {
  const subject = await round.start();
  await round.write(subject, 5 + round.chances.below(30));
  await subject.end('SIGKILL');
  await round.disk.remount('ro');
  const outcome = await round.expectReadsOrRefusal();
  await round.disk.remount('rw');
  return outcome;
}

/** The system's limit on the size of a file refuses writes as a quota does, and needs no rights. @param {number} kib @param {number} spread */
const quota = (kib, spread) => async (/** @type {Round} */ round) => {
  const subject = await round.start(kib + round.chances.below(spread));
  const refusal = await round.writeUntilRefused(subject);
  await round.expectRecovery(subject, () => run('prlimit', [`--pid=${subject.pid}`, '--fsize=unlimited:unlimited']));
  await subject.end('SIGKILL');
  return refusal;
};

/**
 * A byte of a file at rest.
 *
 * @param {RegExp} path of the file in the data folder
 * @param {{ signal?: 'SIGKILL' | 'SIGTERM', prepare?: (folder: string) => void }} [options] how the subject ends, and what is
 *   done to the folder before
 */
const byteOf =
  (path, { signal = 'SIGKILL', prepare } = {}) =>
  async (/** @type {Round} */ round) => {
    const subject = await round.start();
    await round.write(subject, 5 + round.chances.below(40));
    await subject.end(signal);
    prepare?.(round.folder);
    return flipByte(round.folder, path, round.chances);
  };

/** @param {string[]} args */
const git =
  (...args) =>
  (/** @type {string} */ folder) =>
    run('git', [`--git-dir=${join(folder, 'project.git')}`, ...args]);

/** @param {'events' | 'git'} kind @returns {() => Start} */
const storeOf = (kind) => () => (folder, fileKib) => StoreSubject.start(kind, folder, fileKib);

/** The client keeps the token that it had at the first start. @returns {Start} */
function system() {
  /** @type {string | undefined} */
  let token;
  return async (folder) => {
    const subject = await SystemSubject.start(folder, token);
    token = subject.token;
    return subject;
  };
}

const events = { start: storeOf('events') };
const repositories = { start: storeOf('git') };
/** What a journal holds would be restored; the end of a process that is not killed empties it. */
const atRest = { signal: /** @type {const} */ ('SIGTERM') };
const packed = { ...atRest, prepare: git('repack', '-adq') };

/** @type {readonly Kind[]} */
const OF_STORES = [
  { name: 'events: kill -9', ...events, harm: kill },
  { name: 'events: full disk', ...events, harm: fullDisk, diskBytes: DISK_BYTES },
  { name: 'events: nearly full disk', ...events, harm: nearlyFullDisk, diskBytes: DISK_BYTES },
  { name: 'events: read-only disk', ...events, harm: readOnlyDisk, diskBytes: DISK_BYTES },
  { name: 'events: quota', ...events, harm: quota(300, 500) },
  { name: 'events: byte of log-*', ...events, harm: byteOf(/^log-/), damages: true },
  { name: 'events: byte of data.mdb', ...events, harm: byteOf(/^data\.mdb$/, { signal: 'SIGTERM' }), damages: true },
  { name: 'git: kill -9', ...repositories, harm: kill },
  { name: 'git: full disk', ...repositories, harm: fullDisk, diskBytes: DISK_BYTES },
  { name: 'git: nearly full disk', ...repositories, harm: nearlyFullDisk, diskBytes: DISK_BYTES },
  { name: 'git: read-only disk', ...repositories, harm: readOnlyDisk, diskBytes: DISK_BYTES },
  { name: 'git: quota', ...repositories, harm: quota(8, 8) },
  { name: 'git: byte of a loose object', ...repositories, harm: byteOf(/objects\/\w\w\//, atRest), damages: true },
  { name: 'git: byte of a pack', ...repositories, harm: byteOf(/\.pack$/, packed), damages: true },
  { name: 'git: byte of an index', ...repositories, harm: byteOf(/\.idx$/, packed), damages: true },
  { name: 'git: byte of a ref', ...repositories, harm: byteOf(/refs\/heads\/|HEAD$/, atRest), damages: true },
  { name: 'git: byte of the journal', ...repositories, harm: byteOf(/keptn-journal\//), damages: true },
  {
    name: 'git: byte of packed-refs',
    ...repositories,
    harm: byteOf(/packed-refs$/, { ...atRest, prepare: git('pack-refs', '--all') }),
    damages: true,
  },
  { name: 'git: byte of config', ...repositories, harm: byteOf(/config$/), damages: true },
];

/** @type {readonly Kind[]} */
const OF_THE_SYSTEM = [
  { name: 'system: kill -9', start: system, harm: kill },
  { name: 'system: full disk', start: system, harm: fullDisk, diskBytes: DISK_BYTES },
  { name: 'system: start on a full disk', start: system, harm: startOnFullDisk, diskBytes: DISK_BYTES },
  { name: 'system: read-only disk', start: system, harm: readOnlyDisk, diskBytes: DISK_BYTES },
  { name: 'system: byte of the token', start: system, harm: byteOf(/^token$/), damages: true },
  { name: 'system: byte of another file', start: system, harm: byteOf(/^logs\/|^processes$|lock\.mdb$|^audit\//) },
];

/** A turn of all kinds; a round of the whole system takes as long as several of one store. */
export const KINDS = [...OF_STORES, ...OF_STORES, ...OF_STORES, ...OF_THE_SYSTEM];
