/** What the Linux kernel tells of running processes, from /proc. */
import { readdirSync, readFileSync } from 'node:fs';
import { rounded } from './events-figures.mjs';

/** USER_HZ, which is 100 on every Linux that Node runs on (`getconf CLK_TCK`). */
const TICKS_PER_SECOND = 100;
const KIBIBYTES_PER_MEBIBYTE = 1024;

/** @param {number} pid @returns {string[]} the fields of /proc/pid/stat from the state on; the name before it may hold anything */
const statOf = (pid) => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
};

/** @template Value @param {() => Value} look @param {Value} gone what to take for a process that ended between two looks */
const ifRunning = (look, gone) => {
  try {
    return look();
  } catch {
    return gone;
  }
};

/** @param {number} parent @returns {number[]} */
export const childrenOf = (parent) =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => ifRunning(() => Number(statOf(pid)[1]) === parent, false));

/** @param {number} pid @returns {number[]} the process and everything that it started, directly or not */
export const familyOf = (pid) => [pid, ...childrenOf(pid).flatMap(familyOf)];

/** @param {number} pid @param {string} file @param {RegExp} line */
const mebibytes = (pid, file, line) =>
  Number(line.exec(readFileSync(`/proc/${pid}/${file}`, 'utf8'))?.[1]) / KIBIBYTES_PER_MEBIBYTE;

/** @param {number} pid @returns {number} proportional set size in MiB: shared pages are divided among those who share them */
export const memoryOf = (pid) => mebibytes(pid, 'smaps_rollup', /^Pss:\s+(\d+) kB/m);

/** @param {number} pid @returns {number} resident memory in MiB that belongs to no file: heap, buffers and stacks */
export const anonymousMemoryOf = (pid) => mebibytes(pid, 'status', /^RssAnon:\s+(\d+) kB/m);

/** @param {number} pid @returns {number} PSS in MiB of everything that the process started */
export const memoryOfChildren = (pid) =>
  familyOf(pid)
    .slice(1)
    .reduce((sum, child) => sum + ifRunning(() => memoryOf(child), 0), 0);

/** @param {number} pid @returns {number} seconds of CPU of the process and of all that it started, ended ones included */
export const cpuSecondsOf = (pid) => {
  // utime, stime, cutime and cstime: the latter two hold what ended children and their children took.
  const ticks = familyOf(pid).map((member) => ifRunning(() => statOf(member).slice(11, 15).map(Number), []));
  return ticks.flat().reduce((sum, each) => sum + each, 0) / TICKS_PER_SECOND;
};

/** @param {number} pid @returns {number} seconds of CPU of the process and of the children that it has waited for */
export const ownCpuSecondsOf = (pid) =>
  statOf(pid)
    .slice(11, 15)
    .reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS_PER_SECOND;

/** @param {number} pid @param {string} name */
const ioOf = (pid, name) =>
  Number(new RegExp(`^${name}: (\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1]);

/** @param {number} pid @returns {number} system calls that wrote something, to files and sockets */
export const writesOf = (pid) => ioOf(pid, 'syscw');

/** @param {number} pid @returns {number} bytes written to disks */
export const diskBytesOf = (pid) => ioOf(pid, 'write_bytes');

/**
 * The services that a process of the launcher hosts, `launcher` for the launcher itself, nothing for other programs.
 *
 * @param {number} pid
 * @returns {string[]}
 */
export function servicesOf(pid) {
  const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  const services = [...commandLine.matchAll(/apps\/([\w-]+)\/main\.js/g)].map(([, name = '']) => name);
  return services.length === 0 && commandLine.includes('launcher/main.js') ? ['launcher'] : services;
}

/** What processes use of the processors from now on. */
export class CpuMeter {
  /** @param {ReadonlyMap<string, number>} processes by name */
  constructor(processes) {
    this.before = [...processes].map(([name, pid]) => ({ name, pid, seconds: ownCpuSecondsOf(pid) }));
  }

  /** Of all processes, and of each. @param {number} count of what they have done @returns {Record<string, number>} */
  millisecondsEach(count) {
    const used = this.before.map(({ name, pid, seconds }) => ({ name, seconds: ownCpuSecondsOf(pid) - seconds }));
    const all = used.reduce((sum, { seconds }) => sum + seconds, 0);
    return Object.fromEntries(
      [{ name: 'all', seconds: all }, ...used].map(({ name, seconds }) => [name, rounded((seconds * 1_000) / count)]),
    );
  }
}
