import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import process from 'node:process';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Turnstile } from './bounded-concurrency';
import { errorCode } from './durable-files';
import { GitUnusable } from './git-store.errors';

/** `repack --geometric` came with Git 2.32. */
const OLDEST_GIT = [2, 32] as const;
/** Forking blocks the event loop for some milliseconds, and a git process takes about 10 MB. */
const PARALLEL_COMMANDS = 4;
/** Characters of an error's text worth reading. */
const MAX_ERROR_TEXT = 2_000;

const commands = new Turnstile(PARALLEL_COMMANDS);

export type GitProcess = ChildProcessWithoutNullStreams;

/**
 * An explicit folder also keeps Git's ownership check from refusing volumes that belong to another user. By itself, Git
 * waits for the disk with packs only, and neither with references nor with objects that it takes out of a pack.
 */
export function gitArguments(repositoryFolder: string, args: readonly string[]): string[] {
  return ['-c', 'core.fsync=all', `--git-dir=${repositoryFolder}`, ...args];
}

/** Nothing of the machine's or the user's configuration, no questions, messages in English. */
export function gitEnvironment(): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
  };
}

/** Starts git on one repository; the caller talks to it. */
export function startGit(
  repositoryFolder: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): GitProcess {
  const env = { ...gitEnvironment(), ...environment };
  return spawn('git', gitArguments(repositoryFolder, args), { env, stdio: 'pipe' });
}

export interface GitInput {
  /** What the command reads; nothing by default. */
  readonly input?: Readable;
  /** Variables beside those that every command gets. */
  readonly environment?: NodeJS.ProcessEnv;
}

/**
 * Runs a short git command to its end.
 * @returns what it printed
 * @throws GitUnusable when it cannot start or fails
 */
export async function runGit(
  repositoryFolder: string,
  args: readonly string[],
  { input = Readable.from([]), environment }: GitInput = {},
): Promise<Buffer> {
  return await commands.run(async () => {
    const child = startGit(repositoryFolder, args, environment);
    const feeding = pipeline(input, child.stdin).catch((error: unknown) => {
      // A command that ends before it has read everything says why when it closes.
      if (errorCode(error) !== 'EPIPE') child.kill();
    });
    const [output] = await Promise.all([outputOf(child, args), feeding]);
    return output;
  });
}

/** @throws GitUnusable when git is missing or too old */
export async function checkGit(): Promise<void> {
  const args = ['--version'];
  const output = await outputOf(spawn('git', args, { env: gitEnvironment(), stdio: 'pipe' }), args);
  const version = /(\d+)\.(\d+)/.exec(output.toString());
  const [major, minor] = [Number(version?.[1] ?? 0), Number(version?.[2] ?? 0)];
  if (major < OLDEST_GIT[0] || (major === OLDEST_GIT[0] && minor < OLDEST_GIT[1])) {
    throw new GitUnusable(`Git ${OLDEST_GIT.join('.')} or newer is needed, found: ${output.toString().trim()}`);
  }
}

/** Collects what a command prints until it ends. @throws GitUnusable */
export function outputOf(child: GitProcess, args: readonly string[]): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let errorText = '';
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => {
    errorText = (errorText + chunk.toString()).slice(0, MAX_ERROR_TEXT);
  });
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      // A process that did start (and was told to stop) is waited for below.
      if (child.pid !== undefined) return;
      reject(new GitUnusable('Cannot start git: install Git and make sure that it is in PATH', { cause: error }));
    });
    child.once('close', (code, signal) => {
      if (code === 0) resolve(Buffer.concat(chunks));
      else reject(endedWith(args, code, signal, errorText));
    });
  });
}

function endedWith(
  args: readonly string[],
  code: number | null,
  signal: NodeJS.Signals | null,
  errorText: string,
): GitUnusable {
  const message = `git ${args.join(' ')} ended with ${code ?? signal ?? '?'}: ${errorText.trim()}`;
  return new GitUnusable(message, code === null ? {} : { exitCode: code });
}
