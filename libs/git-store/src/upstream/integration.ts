import { type Commit, type Identity, encodeCommit } from '../commit-object';
import { nameObject } from '../git-object';
import { runGit } from '../git-process';
import { GitUnusable, InvalidPath } from '../git-store.errors';
import { type ObjectDatabase } from '../object-database';
import { type ObjectId, isObjectId } from '../object-id';
import { type BranchMove } from '../repository';
import { Snapshot } from '../snapshot';
import { TreeMerge } from './tree-merge';
import { UpstreamConflict } from './upstream.errors';

/** More commits than that are merged at once: a branch must not be held for long. */
const MAX_REPLAYED = 1_000;
/** What `git merge-base` ends with when there is nothing to print. */
const NO_COMMON_PAST = 1;

/** What a branch and its upstream need. */
export interface Divergence {
  readonly branch: string;
  readonly ours: ObjectId;
  readonly theirs: ObjectId;
}

/** Brings the commits of an upstream and our own together, with the objects of one repository. Writes nothing. */
export class Integration {
  constructor(
    private readonly repositoryFolder: string,
    private readonly database: ObjectDatabase,
    private readonly committer: Identity,
  ) {}

  /**
   * The commit that holds both sides: one of the two when it holds the other already, else our commits once more on
   * top of theirs, else, where single commits cannot be repeated, a merge of both.
   * @throws UpstreamConflict
   */
  async join(divergence: Divergence): Promise<BranchMove> {
    const { ours, theirs } = divergence;
    const base = await this.commonPast(ours, theirs);
    if (base === theirs) return { commit: ours, changed: false, objects: [] };
    if (base === ours) return { commit: theirs, changed: true, objects: [] };
    const trees = new TreeMerge(this.repositoryFolder, this.database);
    const commits = await this.missingIn(theirs, ours);
    const [left, right] = [await this.database.readCommit(ours), await this.database.readCommit(theirs)];
    const tip =
      (commits.length > MAX_REPLAYED ? undefined : await this.replay(trees, commits, right)) ??
      (await this.merge(trees, left, right, base)) ??
      (await this.mergeWhereAgreed(trees, commits, right, base));
    if (tip === undefined) throw new UpstreamConflict(divergence.branch, trees.conflicts);
    const objects = [...trees.objects.values()];
    return { commit: tip.id, changed: true, objects, replacesHead: !tip.parents.includes(ours) };
  }

  /** The latest commit that both hold. */
  async commonPast(ours: ObjectId, theirs: ObjectId): Promise<ObjectId | undefined> {
    if (ours === theirs) return ours;
    const found = await runGit(this.repositoryFolder, ['merge-base', ours, theirs]).catch((error: unknown) => {
      if (error instanceof GitUnusable && error.exitCode === NO_COMMON_PAST) return Buffer.alloc(0);
      throw error;
    });
    const id = found.toString('latin1').trim();
    return isObjectId(id) ? id : undefined;
  }

  /** @returns undefined when one of the commits conflicts */
  private async replay(trees: TreeMerge, commits: readonly Commit[], onto: Commit): Promise<Commit | undefined> {
    let tip = onto;
    for (const commit of commits) {
      const [parent] = commit.parents;
      const base = parent === undefined ? undefined : (await this.database.readCommit(parent)).tree;
      const tree = await trees.merge({ base, ours: tip.tree, theirs: commit.tree });
      if (tree === undefined) return undefined;
      if (tree !== tip.tree) tip = this.commitOn(trees, [tip.id], { ...commit, tree });
    }
    return tip;
  }

  /**
   * Our side stays first, so that its commits are still found in the history of the branch.
   * @returns undefined when the two conflict
   */
  private async merge(
    trees: TreeMerge,
    ours: Commit,
    theirs: Commit,
    base: ObjectId | undefined,
  ): Promise<Commit | undefined> {
    const past = base === undefined ? undefined : (await this.database.readCommit(base)).tree;
    const tree = await trees.merge({ base: past, ours: ours.tree, theirs: theirs.tree });
    if (tree === undefined) return undefined;
    const author = { ...this.committer, time: new Date() };
    const message = 'Merged the upstream repository\n';
    return this.commitOn(trees, [ours.id, theirs.id], { author, message, tree });
  }

  /** Somebody took over their content of the files that conflict, and went on from there. */
  private async mergeWhereAgreed(
    trees: TreeMerge,
    commits: readonly Commit[],
    theirs: Commit,
    base: ObjectId | undefined,
  ): Promise<Commit | undefined> {
    const { conflicts } = trees;
    for (let index = commits.length - 1; index >= 0; index--) {
      const commit = commits[index];
      if (commit === undefined || !(await this.agree(commit, theirs, conflicts))) continue;
      const merged = await this.merge(trees, commit, theirs, base);
      const tip = merged && (await this.replay(trees, commits.slice(index + 1), merged));
      if (tip !== undefined) return tip;
    }
    trees.conflicts = conflicts;
    return undefined;
  }

  private async agree(left: Commit, right: Commit, paths: readonly string[]): Promise<boolean> {
    const [ours, theirs] = [new Snapshot(this.database, left), new Snapshot(this.database, right)];
    for (const path of paths) {
      try {
        if ((await ours.blobOf(path)) !== (await theirs.blobOf(path))) return false;
      } catch (error) {
        // A name that this store does not use.
        if (error instanceof InvalidPath) return false;
        throw error;
      }
    }
    return true;
  }

  private commitOn(
    trees: TreeMerge,
    parents: readonly ObjectId[],
    { author, message, tree }: Pick<Commit, 'author' | 'message' | 'tree'>,
  ): Commit {
    const content = { tree, parents, author, message, committer: { ...this.committer, time: new Date() } };
    const object = nameObject('commit', encodeCommit(content));
    trees.objects.set(object.id, object);
    return { ...content, id: object.id };
  }

  /** Oldest first. */
  private async missingIn(theirs: ObjectId, ours: ObjectId): Promise<Commit[]> {
    const args = ['rev-list', '--first-parent', '--reverse', ours, `^${theirs}`];
    const lines = (await runGit(this.repositoryFolder, args)).toString('latin1').trim().split('\n');
    return await Promise.all(lines.filter(isObjectId).map((id) => this.database.readCommit(id)));
  }
}
