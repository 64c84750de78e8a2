import { readFile, writeFile } from 'node:fs/promises';
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

/** Waits for the processes that a killed launcher of the same folder has left: they are about to end, and have the ports. */
export async function waitForOrphans(folder: DataFolder): Promise<void> {
  const text = await readFile(fileOf(folder), 'utf8').catch(() => '');
  const [launcher = 0, ...hosts] = text.split('\n').map(Number);
  if (await isLauncher(launcher)) {
    return;
  }
  const deadline = performance.now() + ORPHANS_END_WITHIN_MS;
  while (performance.now() < deadline && (await Promise.all(hosts.map(isLauncher))).some(Boolean)) {
    await delay(POLL_MS);
  }
}

/** Whether the process is alive and no other that has got its number meanwhile; from Linux' /proc. */
const isLauncher = async (pid: number): Promise<boolean> => {
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return commandLine.includes('launcher/main.js');
};
