import { type Change } from './changes';
import { type Trailers } from './commit-message';
import { type Identity } from './commit-object';
import { type PreparedCommit, prepareCommit, prepareFirstCommit } from './commit-writer';
import { type NamedObject } from './git-object';
import { BranchExists, BranchNotFound } from './git-store.errors';
import { checkBranchName } from './names';
import { type ObjectDatabase } from './object-database';
import { type ObjectId } from './object-id';
import { createLayout, finishLayout } from './repository-layout';

/** One step of a new repository's making: a new branch, or another commit on one of an earlier step. */
export interface InitialCommit {
  readonly branch: string;
  /** The new branch starts where this branch of an earlier step is; without it, with a first commit of its own. */
  readonly from?: string;
  /** The new branch starts at this commit, which is in the repository with everything that it needs. */
  readonly at?: ObjectId;
  /** None by default: a branch with `from` then gets no commit of its own. */
  readonly changes?: readonly Change[];
  readonly message?: string;
  readonly trailers?: Trailers;
  /** Makes a commit although nothing changes, for its message. */
  readonly allowEmpty?: true;
  readonly author?: Identity;
}

/** What a new repository starts with. */
export interface NewRepository {
  readonly branches: readonly InitialCommit[];
}

/** Makes a repository in a folder that must not exist. @throws what {@link buildBranches} throws */
export async function buildRepository(
  folder: string,
  database: ObjectDatabase,
  { branches }: NewRepository,
  committer: Identity,
): Promise<void> {
  const [first] = branches;
  if (first === undefined) throw new TypeError('A repository needs at least one branch');
  await createLayout(folder, first.branch);
  await finishLayout(folder, await buildBranches(database, branches, committer));
}

/**
 * Writes the commits of a new repository, which nobody sees before {@link finishLayout}.
 * @returns the branches and their commits
 * @throws BranchNotFound, BranchExists, InvalidName and what {@link prepareCommit} throws
 */
export async function buildBranches(
  database: ObjectDatabase,
  steps: readonly InitialCommit[],
  committer: Identity,
): Promise<ReadonlyMap<string, ObjectId>> {
  const heads = new Map<string, ObjectId>();
  const made: NamedObject[] = [];
  try {
    for (const step of steps) {
      checkBranchName(step.branch);
      const { commit, objects } = await prepareStep(database, heads, step, committer);
      database.hold(objects);
      made.push(...objects);
      heads.set(step.branch, commit);
    }
    await database.fill(made);
  } finally {
    database.release(made);
  }
  return heads;
}

async function prepareStep(
  database: ObjectDatabase,
  heads: ReadonlyMap<string, ObjectId>,
  { branch, from, at, changes = [], message = `Added branch ${branch}`, ...rest }: InitialCommit,
  committer: Identity,
): Promise<PreparedCommit> {
  if ((from ?? at) !== undefined && heads.has(branch)) throw new BranchExists(branch);
  const start = at ?? heads.get(from ?? branch);
  if (from !== undefined && start === undefined) throw new BranchNotFound(from);
  const request = { ...rest, changes, message };
  return start === undefined
    ? await prepareFirstCommit(database, request, committer)
    : await prepareCommit(database, await database.readCommit(start), request, committer);
}
