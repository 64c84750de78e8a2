import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import process from 'node:process';
import { type GitProcess, gitArguments, gitEnvironment, outputOf } from './git-process';

/**
 * Runs git until its own standard input ends. The system closes that when the store is killed, so that no packing goes
 * on behind the back of the next process, or of a person who checks the repository.
 */
const SUPERVISOR = `
const { spawn } = require('node:child_process');
const stop = () => { try { process.kill(-git.pid, 'SIGTERM'); } catch {} };
// Before git runs: a signal that ends the supervisor alone would leave git behind.
process.on('SIGTERM', stop);
const git = spawn('git', process.argv.slice(1), { detached: true, stdio: ['ignore', 'inherit', 'inherit'] });
process.stdin.on('end', stop).on('error', stop).resume();
git.on('error', () => process.exit(127));
git.on('exit', (code) => process.exit(code ?? 1));
`;

/**
 * Starts git so that it, and everything that it starts, ends with this process.
 * @param signal ends it early
 */
export function startSupervisedGit(
  repositoryFolder: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
): GitProcess {
  const supervised = ['-e', SUPERVISOR, '--', ...gitArguments(repositoryFolder, args)];
  const child: GitProcess = spawn(process.execPath, supervised, { env: environment, stdio: 'pipe', signal });
  child.stdin.on('error', () => undefined);
  return child;
}

/**
 * Runs a long git command with low priority; it ends with this process.
 * @param signal ends it early
 * @returns what it printed
 * @throws GitUnusable when it cannot start, fails or is ended
 */
export async function runGitInBackground(
  repositoryFolder: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<Buffer> {
  const child = startSupervisedGit(repositoryFolder, args, gitEnvironment(), signal);
  lowerPriority(child.pid);
  return await outputOf(child, args);
}

/** The commands that it starts inherit the priority. The lowest would give a busy machine's background work no time at all. */
function lowerPriority(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // The process has ended already, or the system refuses: it runs with normal priority then.
  }
}
