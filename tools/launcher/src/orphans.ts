import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { type DataFolder } from './data-folder';

/** Processes of a launcher that was killed end by themselves within this time, in milliseconds. */
const ORPHANS_END_WITHIN_MS = 30_000;

const POLL_MS = 50;

const fileOf = (folder: DataFolder): string => join(folder.path, 'processes');

/** Remembers this launcher and its processes, for the one after it. */
export const rememberProcesses = (folder: DataFolder, pids: readonly number[]): Promise<void> =>
  writeFile(fileOf(folder), `${[process.pid, ...pids].join('\n')}\n`);

/** Called when every process has ended in order. */
export const forgetProcesses = (folder: DataFolder): Promise<void> => rm(fileOf(folder), { force: true });

/**
 * Does what needs the ports and the data of the launcher before this one. When that one was killed, its services are about to
 * end: they are waited for, and `attempt` is repeated, since a process that ends leaves the list of processes before the kernel
 * closes its sockets.
 *
 * @param attempt rejects while a port is taken
 * @throws what the last attempt threw
 */
export async function afterOrphans(folder: DataFolder, attempt: () => Promise<void>): Promise<void> {
  const orphans = await orphansOf(folder);
  const deadline = performance.now() + (orphans === undefined ? 0 : ORPHANS_END_WITHIN_MS);
  const isOver = (): boolean => performance.now() >= deadline;
  while (!isOver() && (await Promise.all((orphans ?? []).map(isLauncher))).some(Boolean)) {
    await delay(POLL_MS);
  }
  for (;;) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (isOver()) throw error;
      await delay(POLL_MS);
    }
  }
}

/** The processes of the last launcher of the folder, if it was killed. */
const orphansOf = async (folder: DataFolder): Promise<number[] | undefined> => {
  const text = await readFile(fileOf(folder), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const [launcher = 0, ...hosts] = text.trim().split('\n').map(Number);
  return (await isLauncher(launcher)) ? undefined : hosts;
};

/** Files that a launcher is started with: its own, and that of `npm start`, which loads it. */
const LAUNCHERS = ['launcher/main.js', 'tools/start.mjs'];

/** Whether the process is alive and no other that has got its number meanwhile, as far as the system tells: only Linux has /proc. */
const isLauncher = async (pid: number): Promise<boolean> => {
  if (!existsSync('/proc/self')) return isAlive(pid);
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return LAUNCHERS.some((file) => commandLine.includes(file));
};

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
