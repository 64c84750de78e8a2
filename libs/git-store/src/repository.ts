import { join } from 'node:path';
import { BranchQueues } from './branch-queues';
import { BranchReferences } from './branch-references';
import { CommitGroups, type Outcome } from './commit-groups';
import { type Commit, type Identity } from './commit-object';
import { type CommitRequest, type CommitResult, type PreparedCommit, prepareCommit } from './commit-writer';
import { syncFolder } from './durable-files';
import {
  BranchExists,
  CommitNotFound,
  DefaultBranchRequired,
  RepositoryDamaged,
  RepositoryNotFound,
} from './git-store.errors';
import { type HistoryOptions, type HistoryPage, readHistory } from './history';
import { type Housekeeping } from './housekeeping';
import { checkBranchName } from './names';
import { type NamedObject } from './git-object';
import { Journal } from './journal';
import { type BranchStep } from './journal-record';
import { recoverFromJournal, retireJournal } from './journal-recovery';
import { type ObjectCache } from './object-cache';
import { ObjectDatabase, PACK_FROM } from './object-database';
import { type ObjectId, isObjectId } from './object-id';
import { type PackedObjects } from './packed-objects';
import { finishPendingMoves } from './pending-moves';
import { forgetReplaced, isInPast, keepReplaced } from './replaced-commits';
import { readDefaultBranch, removeLeftovers } from './repository-layout';
import { type FileContent, Snapshot } from './snapshot';
import { asStorageFailure } from './storage-failure';
import { type FilePage, type ListOptions } from './tree-walk';

/** Where to read: the latest commit of a branch, or any commit by its full id. */
export type ReadAt = { readonly branch: string } | { readonly commit: string };

/** @internal Where a branch is to go. */
export interface BranchMove extends CommitResult {
  /** What housekeeping has to pack some time, in loose objects. */
  readonly addedObjects: number;
  /** The branch leaves commits behind that its new head does not follow. */
  readonly replacesHead?: boolean;
}

/**
 * Bytes of one commit; larger ones go to the disk by themselves instead of twice, by way of the journal, which a start
 * reads as a whole.
 */
const JOURNALED_BYTES = 64 * 1024;

/** What the repositories of a store share. */
export interface SharedServices {
  readonly identity: Identity;
  readonly packed: PackedObjects;
  readonly cache: ObjectCache;
  readonly housekeeping: Housekeeping;
  /** Told after each write to a repository. */
  readonly written: (repository: string) => void;
}

/**
 * One bare Git repository. Reads never wait for writes. Writers to one branch take turns in the order in which they
 * came; writers to different branches don't wait for each other.
 */
export class Repository {
  private readonly queues = new BranchQueues();
  private readonly journal: Journal;
  private readonly groups: CommitGroups;
  private deleted = false;
  private needsRecovery = false;

  private constructor(
    readonly name: string,
    /** The bare repository on disk, for `git clone`. */
    readonly folder: string,
    readonly defaultBranch: string,
    private readonly references: BranchReferences,
    private readonly database: ObjectDatabase,
    private readonly services: SharedServices,
  ) {
    this.journal = new Journal(folder);
    this.groups = new CommitGroups(references, database, this.journal, {
      grown: (addedObjects) => {
        this.noteGrowth(addedObjects);
      },
      unfinished: () => (this.needsRecovery = true),
    });
  }

  /** Opens a repository for the only process that writes to it, and finishes what a killed one left. */
  static async open(name: string, folder: string, services: SharedServices): Promise<Repository> {
    await removeLeftovers(folder);
    const references = await BranchReferences.load(folder);
    const database = new ObjectDatabase(folder, services.packed, services.cache);
    await finishPendingMoves(folder, references);
    await recoverFromJournal(new Journal(folder), references, database);
    const defaultBranch = await readDefaultBranch(folder);
    if (!references.has(defaultBranch)) {
      throw new RepositoryDamaged({ subject: `refs/heads/${defaultBranch}`, location: join(folder, 'refs', 'heads') });
    }
    return new Repository(name, folder, defaultBranch, references, database, services);
  }

  /**
   * A consistent view for several reads.
   * @throws BranchNotFound, CommitNotFound
   */
  async at(where: ReadAt): Promise<Snapshot> {
    return new Snapshot(this.database, await this.commitAt(where));
  }

  /** @throws BranchNotFound, CommitNotFound, FileNotFound, IsADirectory, InvalidPath */
  async readFile({ path, ...where }: ReadAt & { readonly path: string }): Promise<FileContent> {
    return await (await this.at(where)).readFile(path);
  }

  /** @throws BranchNotFound, CommitNotFound, InvalidPath */
  async hasFile({ path, ...where }: ReadAt & { readonly path: string }): Promise<boolean> {
    return await (await this.at(where)).hasFile(path);
  }

  /**
   * One page of files in walk order (by name in each folder). Pass `next` as `after`, and the page's `commit` instead
   * of the branch to stay on the same commit.
   * @throws BranchNotFound, CommitNotFound, InvalidPath
   */
  async list(options: ReadAt & ListOptions): Promise<FilePage> {
    return await (await this.at(options)).list(options);
  }

  /** @throws BranchNotFound, CommitNotFound, InvalidPath */
  async history(options: ReadAt & HistoryOptions): Promise<HistoryPage> {
    const { id } = await this.commitAt(options);
    return await readHistory(this.folder, this.database, id, options);
  }

  /**
   * Whether a branch was at a commit once, also when the commit was replaced by another one on top of an upstream.
   * @throws BranchNotFound
   */
  async wasAt(branch: string, commit: ObjectId): Promise<boolean> {
    if (this.head(branch) === commit) return true;
    return await isInPast(this.folder, branch, commit);
  }

  /** Names in the order of their bytes. */
  branches(): string[] {
    this.assertExists();
    return this.references.names();
  }

  hasBranch(branch: string): boolean {
    this.assertExists();
    return this.references.has(branch);
  }

  /** The commit that a branch is at. @throws BranchNotFound */
  head(branch: string): ObjectId {
    this.assertExists();
    return this.references.get(branch);
  }

  /**
   * Makes one commit, durable when this returns. Changes that make no difference make no commit.
   * @throws BranchNotFound, InvalidPath, PathConflict, IsADirectory, StorageFull, StorageFailed
   */
  async commit(branch: string, request: CommitRequest): Promise<CommitResult> {
    const [result] = await this.commitBranches([{ ...request, branch }]);
    if (result === undefined) throw new TypeError('A commit without a result');
    return result;
  }

  /**
   * Makes one commit on each of several branches: all of them or none, also when the process is killed. When the
   * file system fails after the commit was decided, it is completed before the next write.
   * @returns results in the order of the requests
   * @throws what {@link commit} throws; TypeError when a branch is listed twice
   */
  async commitBranches(requests: readonly (CommitRequest & { readonly branch: string })[]): Promise<CommitResult[]> {
    const branches = requests.map(({ branch }) => branch);
    if (new Set(branches).size < branches.length) throw new TypeError('A branch is listed twice');
    return await this.writing(async () => {
      const { results, durable } = await this.inTurn(branches, () => this.queueCommits(requests));
      await durable;
      return results;
    });
  }

  /**
   * @internal Points a branch to a commit that is in the repository with everything that it needs.
   * @param decide by where the branch is; nobody else writes to it meanwhile
   * @throws BranchNotFound
   */
  async moveBranch(branch: string, decide: (head: ObjectId) => Promise<BranchMove>): Promise<CommitResult> {
    return await this.alone([branch], async () => {
      const from = this.references.get(branch);
      const { commit, changed, addedObjects, replacesHead } = await decide(from);
      if (replacesHead) await keepReplaced(this.folder, branch, from);
      if (changed) await this.groups.add({ moves: [{ branch, from, commit }], objects: [] }).durable;
      this.noteGrowth(addedObjects);
      return { commit, changed };
    });
  }

  /**
   * Creates a branch at the commit of another one.
   * @throws BranchExists, BranchNotFound, InvalidName, RepositoryDamaged
   */
  async createBranch(branch: string, { from }: { readonly from: string }): Promise<ObjectId> {
    checkBranchName(branch);
    return await this.alone([from, branch], async () => {
      if (this.references.has(branch)) throw new BranchExists(branch);
      const { id: commit } = await this.database.readCommit(this.references.get(from));
      this.services.housekeeping.branchesChanged(this);
      await this.references.update([{ branch, commit }]);
      return commit;
    });
  }

  /** @throws BranchNotFound, DefaultBranchRequired */
  async deleteBranch(branch: string): Promise<void> {
    await this.alone([branch], async () => {
      this.references.get(branch);
      if (branch === this.defaultBranch) throw new DefaultBranchRequired(branch);
      // The journal must not know the branch any more: a later one of its name may start at the same commit.
      await this.makeDurable();
      this.services.housekeeping.branchesChanged(this);
      await this.references.remove(branch);
      await forgetReplaced(this.folder, branch);
    });
  }

  /** Packs the repository now; reads and writes go on meanwhile. */
  async maintain(): Promise<void> {
    this.assertExists();
    await this.services.housekeeping.maintain(this);
  }

  /** @internal The store moves the folder away by `remove` when all writers are done. */
  async delete(remove: () => Promise<void>): Promise<void> {
    await this.queues.runAlone(async () => {
      await this.groups.idle();
      this.assertExists();
      await remove();
      this.deleted = true;
      this.database.markGone(new RepositoryNotFound(this.name));
    });
  }

  /** @internal Waits for the writers that are under way, and makes what they wrote durable file by file. */
  async settle(): Promise<void> {
    await this.queues.runAlone(async () => {
      await this.groups.idle();
      if (!this.deleted && !this.needsRecovery) await this.makeDurable();
    });
  }

  /** @internal Packs by `pack`; what it packs needs no journal any more. */
  async packBy(pack: () => Promise<void>): Promise<void> {
    const end = await this.groups.between(() => this.journal.rotate());
    await pack();
    await syncFolder(join(this.folder, 'objects', 'pack'));
    await this.references.sync();
    await this.journal.drop(end);
  }

  /** @internal For housekeeping and upstreams. */
  get objects(): ObjectDatabase {
    return this.database;
  }

  /** @internal What a branch that cannot be read refers to must not be taken for unused. @throws RepositoryDamaged */
  assertReadable(): void {
    this.references.assertReadable();
  }

  /** @internal Who commits. */
  get committer(): Identity {
    return this.services.identity;
  }

  /** @internal Something beside the store's own writers added objects. */
  noteGrowth(addedObjects: number): void {
    if (addedObjects > 0) this.services.housekeeping.grown(this, addedObjects);
  }

  /** Prepares commits and queues them for the disk. A refusal counts from when what it is based on is durable. */
  private async queueCommits(
    requests: readonly (CommitRequest & { readonly branch: string })[],
  ): Promise<Outcome & { results: CommitResult[] }> {
    const bases = requests.map(({ branch }) => this.groups.lastOf(branch).durable);
    const basesDurable = Promise.all(bases).then(() => undefined);
    basesDurable.catch(() => undefined);
    const prepared: (PreparedCommit & BranchStep)[] = [];
    try {
      for (const { branch, ...request } of requests) {
        const from = this.groups.head(branch);
        const parent = await this.database.readCommit(from);
        const commit = await prepareCommit(this.database, parent, request, this.services.identity);
        prepared.push({ ...commit, branch, from });
      }
    } catch (error) {
      await basesDurable;
      throw error;
    }
    const results = prepared.map(({ commit, changed }) => ({ commit, changed }));
    const moves = prepared.filter(({ changed }) => changed);
    if (moves.length === 0) return { results, durable: basesDurable };
    const objects = await this.objectsForJournal(moves.flatMap((each) => each.objects));
    const steps = moves.map(({ branch, from, commit }) => ({ branch, from, commit }));
    return { results, durable: this.groups.add({ moves: steps, objects }).durable };
  }

  /** Many or large objects are made durable now. */
  private async objectsForJournal(objects: readonly NamedObject[]): Promise<readonly NamedObject[]> {
    const bytes = objects.reduce((sum, { body }) => sum + body.length, 0);
    if (objects.length < PACK_FROM && bytes <= JOURNALED_BYTES) return objects;
    this.noteGrowth(await this.database.write(objects));
    return [];
  }

  private async writing<Result>(task: () => Promise<Result>): Promise<Result> {
    this.services.housekeeping.assertOpen();
    try {
      if (this.needsRecovery) await this.queues.runAlone(() => this.recover());
      const result = await task();
      this.services.written(this.name);
      return result;
    } catch (error) {
      throw asStorageFailure(error);
    }
  }

  private async inTurn<Result>(branches: readonly string[], task: () => Promise<Result>): Promise<Result> {
    return await this.queues.run(branches, async () => {
      this.assertExists();
      return await task();
    });
  }

  /** Runs a task when nothing is on its way to its branches any more. */
  private async alone<Result>(branches: readonly string[], task: () => Promise<Result>): Promise<Result> {
    return await this.writing(() =>
      this.inTurn(branches, async () => {
        for (const branch of branches) await this.groups.lastOf(branch).durable.catch(() => undefined);
        return await task();
      }),
    );
  }

  /** Makes everything that the journal holds durable elsewhere. */
  private async makeDurable(): Promise<void> {
    const end = await this.groups.between(() => this.journal.rotate());
    await retireJournal(this.journal, end, this.references, this.database);
  }

  /** After a file system error in the middle of moves: what was decided is finished before anything else is written. */
  private async recover(): Promise<void> {
    if (!this.needsRecovery) return;
    await this.groups.idle();
    await this.references.reload();
    await recoverFromJournal(this.journal, this.references, this.database);
    this.needsRecovery = false;
  }

  private async commitAt(where: ReadAt): Promise<Commit> {
    this.assertExists();
    if ('branch' in where) return await this.database.readCommit(this.references.get(where.branch));
    const commit = isObjectId(where.commit) ? await this.database.findCommit(where.commit) : undefined;
    if (commit === undefined) throw new CommitNotFound(where.commit);
    return commit;
  }

  private assertExists(): void {
    if (this.deleted) throw new RepositoryNotFound(this.name);
  }
}
