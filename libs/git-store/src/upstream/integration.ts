import { type Commit, type Identity, encodeCommit } from '../commit-object';
import { type WrittenCommit } from '../commit-writer';
import { nameObject } from '../git-object';
import { runGit } from '../git-process';
import { type ObjectDatabase } from '../object-database';
import { type ObjectId, isObjectId, toObjectId } from '../object-id';
import { TreeMerge } from './tree-merge';
import { UpstreamConflict } from './upstream.errors';

/** More commits than that are merged at once: a branch must not be held for long. */
const MAX_REPLAYED = 1_000;

/** What a branch and its upstream need. */
export interface Divergence {
  readonly branch: string;
  readonly ours: ObjectId;
  readonly theirs: ObjectId;
}

/** Brings the commits of an upstream and our own together, in the objects of one repository. */
export class Integration {
  constructor(
    private readonly repositoryFolder: string,
    private readonly database: ObjectDatabase,
    private readonly committer: Identity,
  ) {}

  /**
   * The commit that holds both sides: one of the two when it holds the other already, else our commits once more on
   * top of theirs, else, where single commits cannot be repeated, one merge of both.
   * @throws UpstreamConflict
   */
  async join(divergence: Divergence): Promise<WrittenCommit> {
    const { ours, theirs } = divergence;
    const base = await this.commonPast(ours, theirs);
    if (base === theirs) return { commit: ours, changed: false, addedObjects: 0 };
    if (base === ours) return { commit: theirs, changed: true, addedObjects: 0 };
    return (await this.replay(divergence)) ?? (await this.mergeOnce(divergence, base));
  }

  /** The latest commit that both hold. */
  async commonPast(ours: ObjectId, theirs: ObjectId): Promise<ObjectId | undefined> {
    if (ours === theirs) return ours;
    // With both tips as boundaries a commit on neither side is printed with a hyphen; `merge-base` ends with 1 for none.
    const found = (await runGit(this.repositoryFolder, ['merge-base', '--all', ours, theirs, ...[]])).toString('latin1');
    return found.split('\n').find(isObjectId);
  }

  /** @returns undefined when one of our commits conflicts with theirs */
  private async replay({ ours, theirs }: Divergence): Promise<WrittenCommit | undefined> {
    const commits = await this.missingIn(theirs, ours);
    if (commits.length > MAX_REPLAYED) return undefined;
    const trees = new TreeMerge(this.repositoryFolder, this.database);
    let tip = await this.database.readCommit(theirs);
    for (const id of commits) {
      const commit = await this.database.readCommit(id);
      const [parent] = commit.parents;
      const base = parent === undefined ? undefined : (await this.database.readCommit(parent)).tree;
      const merged = await trees.merge({ base, ours: tip.tree, theirs: commit.tree });
      if ('conflicts' in merged) return undefined;
      if (merged.tree !== tip.tree) tip = this.commitOn(trees, [tip.id], { ...commit, tree: merged.tree });
    }
    return await this.store(trees, tip.id);
  }

  /** Our side stays first, so that its commits are still found in the history of the branch. */
  private async mergeOnce({ branch, ours, theirs }: Divergence, base: ObjectId | undefined): Promise<WrittenCommit> {
    const trees = new TreeMerge(this.repositoryFolder, this.database);
    const [left, right] = await Promise.all([this.database.readCommit(ours), this.database.readCommit(theirs)]);
    const past = base === undefined ? undefined : (await this.database.readCommit(base)).tree;
    const merged = await trees.merge({ base: past, ours: left.tree, theirs: right.tree });
    if ('conflicts' in merged) throw new UpstreamConflict(branch, merged.conflicts);
    const author = { ...this.committer, time: new Date() };
    const message = 'Merged the upstream repository\n';
    const tip = this.commitOn(trees, [ours, theirs], { author, message, tree: merged.tree });
    return await this.store(trees, tip.id);
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

  private async store(trees: TreeMerge, commit: ObjectId): Promise<WrittenCommit> {
    const addedObjects = await this.database.write([...trees.objects.values()]);
    return { commit, changed: true, addedObjects };
  }

  /** Oldest first. */
  private async missingIn(theirs: ObjectId, ours: ObjectId): Promise<ObjectId[]> {
    const args = ['rev-list', '--first-parent', '--reverse', ours, `^${theirs}`];
    const lines = (await runGit(this.repositoryFolder, args)).toString('latin1').trim().split('\n');
    return lines.filter((line) => line !== '').map(toObjectId);
  }
}
