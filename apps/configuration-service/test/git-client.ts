import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Runs Git on a bare repository, as any person could. */
export async function git(folder: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('git', ['--git-dir', folder, ...args]);
  return stdout.trim();
}

/** The files of a branch. */
export async function filesOf(folder: string, branch: string): Promise<string[]> {
  return (await git(folder, 'ls-tree', '-r', '--name-only', branch)).split('\n').filter((path) => path !== '');
}
