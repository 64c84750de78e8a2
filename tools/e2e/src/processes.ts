import { readdir, readFile } from 'node:fs/promises';
import process from 'node:process';

/** A process of this machine, from Linux' /proc. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly commandLine: string;
}

const entryOf = async (pid: string): Promise<ProcessEntry | undefined> => {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const commandLine = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ').trim();
    // pid (name) state parent …; the name may hold anything.
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? undefined : { pid: Number(pid), parent: Number(parent), commandLine };
  } catch {
    // Ended between the two looks.
    return undefined;
  }
};

/** Every running process, zombies left out. */
export async function listProcesses(): Promise<ProcessEntry[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const entries = await Promise.all(pids.map(entryOf));
  return entries.filter((entry) => entry !== undefined);
}

/** A process and everything that it has started, directly or not. */
export async function familyOf(root: number): Promise<ProcessEntry[]> {
  const all = await listProcesses();
  const family = all.filter(({ pid }) => pid === root);
  for (const member of family) {
    family.push(...all.filter(({ parent }) => parent === member.pid));
  }
  return family;
}

/** SIGKILL to all of them in one go, so that none can react to the end of another. */
export function killAll(entries: readonly ProcessEntry[]): void {
  for (const { pid } of entries) signal(pid, 'SIGSTOP');
  for (const { pid } of entries) signal(pid, 'SIGKILL');
}

/** One that has ended since it was listed must not leave the others stopped for ever. */
const signal = (pid: number, name: NodeJS.Signals): void => {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
};
