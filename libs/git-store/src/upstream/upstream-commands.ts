import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from '../durable-files';
import { type ObjectId, isObjectId } from '../object-id';
import { readDefaultBranch } from '../repository-layout';
import { currentRemote } from './moved-repository';
import { REMOTE_NAME } from './upstream-environment';
import { describeFailure, remarksIn, withoutSecrets } from './upstream-failure';
import { runUpstream, tryUpstream, type UpstreamCommand } from './upstream-process';
import { UpstreamError } from './upstream.errors';

/** Milliseconds for everything that a new upstream is asked while somebody waits for the answer. */
export const TRIAL_TIMEOUT = 75_000;
/** Milliseconds for a question; and for commits, since a slow line may need long for a large repository. */
const TEST_TIMEOUT = 30_000;
const TRANSFER_TIMEOUT = 300_000;

/** Which repository talks to which upstream. */
export type UpstreamPlace = Pick<UpstreamCommand, 'repositoryFolder' | 'remote' | 'signal'>;

export interface UpstreamListing {
  readonly branches: ReadonlyMap<string, ObjectId>;
  /** What clones check out; unknown for an empty repository. */
  readonly defaultBranch: string | undefined;
}

/** @throws UpstreamUnreachable, UpstreamRefused */
export async function listUpstream(place: UpstreamPlace): Promise<UpstreamListing> {
  const args = ['ls-remote', '--symref', REMOTE_NAME, 'HEAD', 'refs/heads/*'];
  const lines = (await runUpstream({ ...place, args, timeout: TEST_TIMEOUT })).split('\n');
  const branches = new Map<string, ObjectId>();
  let defaultBranch: string | undefined;
  for (const line of lines) {
    const [value = '', reference = ''] = line.split('\t');
    if (reference === 'HEAD' && value.startsWith('ref: ')) defaultBranch = value.replace('ref: refs/heads/', '');
    if (reference.startsWith('refs/heads/') && isObjectId(value)) branches.set(reference.slice(HEADS_LENGTH), value);
  }
  return { branches, defaultBranch };
}

const HEADS_LENGTH = 'refs/heads/'.length;
const FETCH = ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--no-auto-maintenance'];

/** Brings all branches of the upstream as tracking references. @throws UpstreamUnreachable, UpstreamRefused */
export async function fetchBranches(place: UpstreamPlace): Promise<void> {
  const args = [...FETCH, '--prune', REMOTE_NAME];
  await runUpstream({ ...place, args, timeout: TRANSFER_TIMEOUT });
  // Git waits for the bytes of a pack, not for its name.
  await syncFolder(join(place.repositoryFolder, 'objects', 'pack'));
}

/** Brings commits without any reference to them. @throws UpstreamUnreachable, UpstreamRefused */
export async function fetchCommits(place: UpstreamPlace, branches: readonly string[]): Promise<void> {
  // An empty configured refspec: only what is asked for here, and it goes nowhere.
  const args = [...FETCH, '--refmap=', REMOTE_NAME, ...branches.map((branch) => `refs/heads/${branch}`)];
  if (branches.length > 0) await runUpstream({ ...place, args, timeout: TRANSFER_TIMEOUT });
}

/** What became of a push, branch by branch. */
export interface PushOutcome {
  /** What the server had to say, such as why a hook refuses. */
  readonly remarks: string;
  readonly pushed: readonly string[];
  /** The upstream has commits that we have not: they have to be fetched first. */
  readonly outpaced: readonly string[];
  readonly refused: readonly { readonly branch: string; readonly reason: string }[];
}

/**
 * Pushes without force; branches succeed or fail one by one.
 * @throws UpstreamUnreachable, UpstreamRefused when nothing came of it at all
 */
export async function push(place: UpstreamPlace, heads: ReadonlyMap<string, ObjectId>): Promise<PushOutcome> {
  return await runPush({ ...place, args: pushArguments(heads, []), timeout: TRANSFER_TIMEOUT });
}

/** Pushes all branches or none, in the order of the map. @throws UpstreamUnreachable, UpstreamRefused */
export async function pushTogether(place: UpstreamPlace, heads: ReadonlyMap<string, ObjectId>): Promise<PushOutcome> {
  try {
    return await runPush({ ...place, args: pushArguments(heads, ['--atomic']), timeout: TRANSFER_TIMEOUT });
  } catch (error) {
    // Few servers cannot do that; to them, branches go one by one.
    if (!(error instanceof UpstreamError && NOT_ATOMIC.test(error.message))) throw error;
    return await push(place, heads);
  }
}

/**
 * The branch that clones of an upstream check out, also when nobody has made it yet.
 * @throws UpstreamUnreachable, UpstreamRefused
 */
export async function headOfClones({ repositoryFolder, remote, signal }: UpstreamPlace): Promise<string | undefined> {
  const clone = join(repositoryFolder, CLONE_FOLDER);
  try {
    const args = ['clone', '--quiet', '--bare', '--depth=1', '--no-tags', currentRemote(remote).address.url, clone];
    await runUpstream({ repositoryFolder, remote, signal, args, timeout: TEST_TIMEOUT });
    return await readDefaultBranch(clone);
  } finally {
    await rm(clone, { recursive: true, force: true });
  }
}

/** Asks for the permission to push and changes nothing. @throws UpstreamUnreachable, UpstreamRefused */
export async function tryPush(place: UpstreamPlace, heads: ReadonlyMap<string, ObjectId>): Promise<PushOutcome> {
  return await runPush({ ...place, args: pushArguments(heads, ['--dry-run']), timeout: TEST_TIMEOUT });
}

function pushArguments(heads: ReadonlyMap<string, ObjectId>, options: readonly string[]): string[] {
  const references = [...heads].map(([branch, commit]) => `${commit}:refs/heads/${branch}`);
  return ['push', '--porcelain', '--no-verify', '--no-follow-tags', ...options, REMOTE_NAME, ...references];
}

const NOT_ATOMIC = /does not support --atomic/;
/** Removed with what else a killed process leaves. */
const CLONE_FOLDER = 'tmp_clone';

/** `<flag>\t<from>:<to>\t<summary> (<reason>)`; `!` marks what was not done. */
const PUSH_LINE = /^([ +\-*!=])\t[^:]*:refs\/heads\/([^\t]+)\t(.*)$/;
/** We are behind, or somebody else was faster by a moment. */
const OUTPACED = /fetch first|non-fast-forward|stale info|cannot lock ref|failed to update ref|incorrect old value/;

/** Git can have no branch `a` beside one `a/b`, and tells the two apart from a lost race in what it says only. */
const isInTheWay = (branch: string, said: string): boolean => said.includes(`cannot create 'refs/heads/${branch}'`);

async function runPush(command: UpstreamCommand): Promise<PushOutcome> {
  const { code, output, errorText } = await tryUpstream(command);
  const lines = output.split('\n').flatMap((line) => [PUSH_LINE.exec(line) ?? []]);
  const named = lines.map(([, flag = '', branch = '', summary = '']) => ({ flag, branch, summary }));
  const known = named.filter(({ flag }) => flag !== '');
  if (code !== 0 && known.length === 0) throw describeFailure(command.remote, errorText);
  const failed = known.filter(({ flag }) => flag === '!');
  const isOutpaced = ({ branch, summary }: { branch: string; summary: string }): boolean =>
    OUTPACED.test(summary) && !isInTheWay(branch, errorText);
  return {
    remarks: remarksIn(errorText, command.remote),
    pushed: known.filter(({ flag }) => flag !== '!').map(({ branch }) => branch),
    outpaced: failed.filter(isOutpaced).map(({ branch }) => branch),
    refused: failed
      .filter((line) => !isOutpaced(line))
      .map(({ branch, summary }) => ({ branch, reason: withoutSecrets(summary, command.remote.credentials) })),
  };
}
