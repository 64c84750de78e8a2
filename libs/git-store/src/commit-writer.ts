import { type Change } from './changes';
import { type Trailers, formatMessage } from './commit-message';
import { type Commit, type Identity, encodeCommit } from './commit-object';
import { type NamedObject, nameObject } from './git-object';
import { type ObjectDatabase } from './object-database';
import { type ObjectId } from './object-id';
import { Snapshot } from './snapshot';
import { editTree } from './tree-editor';

/**
 * Decides the changes by what is there: nobody else writes to the branch until it has answered and the commit is made.
 * What it throws refuses the commit. It must not write to the same branch itself.
 */
export type DecideChanges = (current: Snapshot) => readonly Change[] | Promise<readonly Change[]>;

export interface CommitRequest {
  readonly changes: readonly Change[] | DecideChanges;
  readonly message: string;
  readonly trailers?: Trailers;
  /** The store's identity by default; that one is the committer always. */
  readonly author?: Identity;
  /** Makes a commit although nothing changes, for its message. */
  readonly allowEmpty?: true;
}

export interface CommitResult {
  /** The commit that the branch is at now. */
  readonly commit: ObjectId;
  /** False when the changes made no difference: there is no new commit then. */
  readonly changed: boolean;
}

/** @internal A commit that no branch points to yet. */
export interface PreparedCommit extends CommitResult {
  /** What the commit needs and the repository does not hold yet. */
  readonly objects: readonly NamedObject[];
}

/**
 * Makes a commit; nothing is written.
 * @throws InvalidPath, PathConflict, IsADirectory
 */
export async function prepareCommit(
  database: ObjectDatabase,
  parent: Commit,
  request: CommitRequest,
  committer: Identity,
): Promise<PreparedCommit> {
  const current = new Snapshot(database, parent);
  const changes = typeof request.changes === 'function' ? await request.changes(current) : request.changes;
  const { tree, objects } = await editTree(database, parent.tree, changes);
  if (tree === parent.tree && request.allowEmpty !== true) return { commit: parent.id, changed: false, objects: [] };
  const commit = encode(tree, [parent.id], request, committer);
  return { commit: commit.id, changed: true, objects: [...objects.values(), commit] };
}

/** Makes the first commit of a branch; nothing is written. @throws InvalidPath, PathConflict */
export async function prepareFirstCommit(
  database: ObjectDatabase,
  request: CommitRequest & { readonly changes: readonly Change[] },
  committer: Identity,
): Promise<PreparedCommit> {
  const { tree, objects } = await editTree(database, undefined, request.changes);
  const commit = encode(tree, [], request, committer);
  return { commit: commit.id, changed: true, objects: [...objects.values(), commit] };
}

function encode(
  tree: ObjectId,
  parents: readonly ObjectId[],
  { message, trailers, author }: CommitRequest,
  committer: Identity,
): NamedObject {
  const time = new Date();
  const content = {
    tree,
    parents,
    author: { ...(author ?? committer), time },
    committer: { ...committer, time },
    message: formatMessage(message, trailers),
  };
  return nameObject('commit', encodeCommit(content));
}
