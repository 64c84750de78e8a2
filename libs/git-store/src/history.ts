import { type Commit } from './commit-object';
import { runGit } from './git-process';
import { CommitNotFound } from './git-store.errors';
import { splitPath } from './names';
import { type ObjectDatabase } from './object-database';
import { type ObjectId, isObjectId } from './object-id';

export interface HistoryOptions {
  /** Only commits that changed this file or something in this folder. */
  readonly path?: string;
  /** The last commit of the page before. */
  readonly after?: string;
  /** Commits on a page, at least 1. */
  readonly limit: number;
}

export interface HistoryPage {
  /** Newest first. A merge counts as one commit: the line of first parents is followed. */
  readonly commits: readonly Commit[];
  /** What to pass as `after` for the next page; absent on the last one. */
  readonly next?: ObjectId;
}

/**
 * One page of the history that ends in `head`.
 * @throws CommitNotFound, InvalidPath
 */
export async function readHistory(
  repositoryFolder: string,
  database: ObjectDatabase,
  head: ObjectId,
  { path, after, limit }: HistoryOptions,
): Promise<HistoryPage> {
  const start = after === undefined ? head : await parentOf(database, after);
  if (start === undefined) return { commits: [] };
  const wanted = Math.max(1, limit) + 1;
  const commits =
    path === undefined
      ? await followParents(database, start, wanted)
      : await followPath(repositoryFolder, database, start, path, wanted);
  const last = commits.length === wanted ? commits[wanted - 2] : undefined;
  return last === undefined ? { commits } : { commits: commits.slice(0, -1), next: last.id };
}

async function parentOf(database: ObjectDatabase, commit: string): Promise<ObjectId | undefined> {
  const found = isObjectId(commit) ? await database.findCommit(commit) : undefined;
  if (found === undefined) throw new CommitNotFound(commit);
  return found.parents[0];
}

async function followParents(database: ObjectDatabase, start: ObjectId, count: number): Promise<Commit[]> {
  const commits: Commit[] = [];
  for (let next: ObjectId | undefined = start; next !== undefined && commits.length < count;) {
    const commit: Commit = await database.readCommit(next);
    commits.push(commit);
    next = commit.parents[0];
  }
  return commits;
}

/** Git's commit graph with changed paths, which housekeeping writes, makes this fast in long histories. */
async function followPath(
  repositoryFolder: string,
  database: ObjectDatabase,
  start: ObjectId,
  path: string,
  count: number,
): Promise<Commit[]> {
  splitPath(path);
  const args = ['--literal-pathspecs', 'rev-list', '--first-parent', `--max-count=${count}`, start, '--', path];
  const ids = (await runGit(repositoryFolder, args)).toString('latin1').split('\n').filter(isObjectId);
  return await Promise.all(ids.map((id) => database.readCommit(id)));
}
