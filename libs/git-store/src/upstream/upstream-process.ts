import { Turnstile } from '../bounded-concurrency';
import { startSupervisedGit } from '../background-git';
import { GitUnusable } from '../git-store.errors';
import { removeTemporaryPacks } from '../repository-layout';
import { storageFailureIn } from '../storage-failure';
import { currentRemote, followMove } from './moved-repository';
import { withUpstreamEnvironment } from './upstream-environment';
import { describeFailure } from './upstream-failure';
import { type UpstreamRemote } from './upstream-remote';
import { UpstreamUnreachable } from './upstream.errors';

/** Each is three processes and a connection. */
const PARALLEL_CONNECTIONS = 4;
/** Characters kept of what a command prints. */
const MAX_OUTPUT = 10_000_000;
const MAX_ERROR_TEXT = 10_000;

const connections = new Turnstile(PARALLEL_CONNECTIONS);

export interface UpstreamCommand {
  readonly repositoryFolder: string;
  readonly remote: UpstreamRemote;
  readonly args: readonly string[];
  /** Milliseconds, after which the command and everything that it started is ended. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
}

export interface CommandOutcome {
  readonly code: number | null;
  readonly output: string;
  readonly errorText: string;
}

/**
 * Runs a Git command that talks to an upstream.
 * @returns what it printed
 * @throws UpstreamUnreachable, UpstreamRefused, GitUnusable
 */
export async function runUpstream(command: UpstreamCommand): Promise<string> {
  const { code, output, errorText } = await tryUpstream(command);
  if (code !== 0) throw describeFailure(command.remote, errorText);
  return output;
}

/** As {@link runUpstream}, for commands whose failures say more. @throws UpstreamUnreachable when it took too long */
export async function tryUpstream(command: UpstreamCommand): Promise<CommandOutcome> {
  return await connections.run(async () => {
    const expiry = AbortSignal.timeout(command.timeout);
    const signal = command.signal === undefined ? expiry : AbortSignal.any([expiry, command.signal]);
    const outcome = withoutFolder(await runFollowing(command, signal), command.repositoryFolder);
    if (outcome.code !== 0) await assertStorage(command.repositoryFolder, outcome.errorText);
    if (!signal.aborted || outcome.code === 0) return outcome;
    const reason = expiry.aborted ? `no end after ${command.timeout / 1000} s` : 'no end in time';
    throw new UpstreamUnreachable(`The upstream repository cannot be reached (${reason})`);
  });
}

/** What Git says of its own files is read by people who have no business with this machine. */
const withoutFolder = ({ errorText, ...outcome }: CommandOutcome, folder: string): CommandOutcome => ({
  ...outcome,
  errorText: errorText.replaceAll(`${folder}/`, ''),
});

async function runFollowing(command: UpstreamCommand, signal: AbortSignal): Promise<CommandOutcome> {
  const attempt = (remote: UpstreamRemote): Promise<CommandOutcome> =>
    withUpstreamEnvironment(remote, (environment) => run(command, environment, signal));
  const remote = currentRemote(command.remote);
  const outcome = await attempt(remote);
  const moved = outcome.code === 0 ? undefined : await followMove(remote, outcome.errorText, signal);
  return moved === undefined ? outcome : await attempt(moved);
}

/** What comes from the server speaks of its disk, and not of ours. @throws StorageFull, StorageFailed */
async function assertStorage(repositoryFolder: string, errorText: string): Promise<void> {
  const failure = storageFailureIn(errorText.replace(/^remote:.*$/gm, ''));
  if (failure === undefined) return;
  await removeTemporaryPacks(repositoryFolder).catch(() => undefined);
  throw failure;
}

function run(
  { repositoryFolder, args }: UpstreamCommand,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<CommandOutcome> {
  if (signal.aborted) return Promise.resolve({ code: null, output: '', errorText: '' });
  const child = startSupervisedGit(repositoryFolder, args, environment, signal);
  let output = '';
  let errorText = '';
  child.stdout.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(0, MAX_OUTPUT)));
  child.stderr.on('data', (chunk: Buffer) => (errorText = (errorText + chunk.toString()).slice(0, MAX_ERROR_TEXT)));
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      if (child.pid === undefined) reject(new GitUnusable('Cannot start git', { cause: error }));
    });
    child.once('close', (code) => {
      resolve({ code, output, errorText });
    });
  });
}
