import { type Identity } from '../commit-object';
import { isBranchName } from '../names';
import { type ObjectDatabase } from '../object-database';
import { type ObjectId } from '../object-id';
import { type InitialCommit, buildBranches } from '../repository-builder';
import { createLayout, finishLayout } from '../repository-layout';
import { Snapshot } from '../snapshot';
import { readTracking } from './tracking-references';
import { fetchBranches, listUpstream, TRIAL_TIMEOUT, tryPush } from './upstream-commands';
import { type UpstreamRemote } from './upstream-remote';

/** What an upstream holds; without branches it is empty. */
export interface UpstreamContent {
  /** By name; those whose names this store cannot use are left out. */
  readonly branches: ReadonlyMap<string, Snapshot>;
  /** What clones of the upstream check out. */
  readonly defaultBranch: string | undefined;
}

/** A new repository that starts with what an upstream holds. */
export interface AdoptedRepository {
  readonly remote: UpstreamRemote;
  readonly defaultBranch: string;
  /** Decides the branches by what there is; the first one must be the default branch. What it throws refuses. */
  readonly branches: (content: UpstreamContent) => Promise<readonly InitialCommit[]>;
}

/**
 * Makes a repository in a folder that must not exist, and makes sure that its branches can be pushed.
 * @throws UpstreamUnreachable, UpstreamRefused, and what the decision throws
 */
export async function buildFromUpstream(
  folder: string,
  database: ObjectDatabase,
  { remote, defaultBranch, branches }: AdoptedRepository,
  committer: Identity,
): Promise<void> {
  await createLayout(folder, defaultBranch);
  const place = { repositoryFolder: folder, remote, signal: AbortSignal.timeout(TRIAL_TIMEOUT) };
  const listed = await listUpstream(place);
  await fetchBranches(place);
  const fetched = await readTracking(folder);
  const content = { branches: await openAll(database, fetched), defaultBranch: listed.defaultBranch };
  const heads = await buildBranches(database, await branches(content), committer);
  if (!heads.has(defaultBranch)) throw new TypeError(`The default branch ${defaultBranch} is not among the branches`);
  await finishLayout(folder, heads);
  await tryPush(place, heads);
}

async function openAll(
  database: ObjectDatabase,
  heads: ReadonlyMap<string, ObjectId>,
): Promise<ReadonlyMap<string, Snapshot>> {
  const opened = new Map<string, Snapshot>();
  for (const [branch, commit] of heads) {
    if (isBranchName(branch)) opened.set(branch, new Snapshot(database, await database.readCommit(commit)));
  }
  return opened;
}
