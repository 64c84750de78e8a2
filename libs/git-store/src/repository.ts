import { join } from 'node:path';
import { BranchReferences } from './branch-references';
import { type BranchCommit, BranchWriter } from './branch-writer';
import { type Commit, type Identity } from './commit-object';
import { type CommitRequest, type CommitResult } from './commit-writer';
import {
  BranchExists,
  CommitNotFound,
  DefaultBranchRequired,
  RepositoryDamaged,
  RepositoryNotFound,
  StoreClosed,
} from './git-store.errors';
import { type HistoryOptions, type HistoryPage, readHistory } from './history';
import { type NamedObject } from './git-object';
import { type Housekeeping } from './housekeeping';
import { checkBranchName } from './names';
import { type ObjectCache } from './object-cache';
import { ObjectDatabase } from './object-database';
import { type ObjectId, isObjectId } from './object-id';
import { releasePacks } from './pack-writer';
import { type PackedObjects } from './packed-objects';
import { finishPendingMoves } from './pending-moves';
import { forgetReplaced, isInPast, keepReplaced, mendReplaced } from './replaced-commits';
import { readDefaultBranch, removeLeftovers } from './repository-layout';
import { type FileContent, Snapshot } from './snapshot';
import { asStorageFailure } from './storage-failure';
import { type ListedFile } from './tree-walk';

/** Where to read: the latest commit of a branch, or any commit by its full id. */
export type ReadAt = { readonly branch: string } | { readonly commit: string };

/** @internal Where a branch is to go. */
export interface BranchMove extends CommitResult {
  /** What the commit needs and the repository does not hold yet. */
  readonly objects: readonly NamedObject[];
  /** The branch leaves commits behind that its new head does not follow. */
  readonly replacesHead?: boolean;
}

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
  private readonly writer: BranchWriter;
  private deleted = false;

  private constructor(
    readonly name: string,
    /** The bare repository on disk, for `git clone`. */
    readonly folder: string,
    readonly defaultBranch: string,
    private readonly references: BranchReferences,
    private readonly database: ObjectDatabase,
    private readonly services: SharedServices,
  ) {
    this.writer = new BranchWriter({
      folder,
      references,
      database,
      identity: services.identity,
      grown: (addedObjects) => {
        this.noteGrowth(addedObjects);
      },
    });
  }

  /** Opens a repository for the only process that writes to it, and finishes what a killed one left. */
  static async open(name: string, folder: string, services: SharedServices): Promise<Repository> {
    await removeLeftovers(folder);
    await releasePacks(folder);
    const references = await BranchReferences.load(folder);
    const database = new ObjectDatabase(folder, services.packed, services.cache);
    await finishPendingMoves(folder, references);
    const defaultBranch = await readDefaultBranch(folder);
    if (!references.has(defaultBranch) || references.isMissing(defaultBranch)) {
      throw new RepositoryDamaged({ subject: `refs/heads/${defaultBranch}`, location: join(folder, 'refs', 'heads') });
    }
    const repository = new Repository(name, folder, defaultBranch, references, database, services);
    await repository.writer.open();
    await mendReplaced(folder, database);
    return repository;
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

  /** All files below a folder, the whole tree by default. @throws BranchNotFound, CommitNotFound, InvalidPath */
  async list({ folder, ...where }: ReadAt & { readonly folder?: string }): Promise<ListedFile[]> {
    return await (await this.at(where)).list(folder);
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
  async commitBranches(requests: readonly BranchCommit[]): Promise<CommitResult[]> {
    const branches = requests.map(({ branch }) => branch);
    if (new Set(branches).size < branches.length) throw new TypeError('A branch is listed twice');
    return await this.writing(() => this.writer.commit(requests));
  }

  /**
   * @internal Points a branch to a commit.
   * @param decide by where the branch is; nobody else writes to it meanwhile
   * @throws BranchNotFound
   */
  async moveBranch(branch: string, decide: (head: ObjectId) => Promise<BranchMove>): Promise<CommitResult> {
    return await this.alone([branch], async () => {
      const from = this.references.get(branch);
      const { commit, changed, objects, replacesHead } = await decide(from);
      if (replacesHead) await keepReplaced(this.folder, branch, from);
      if (changed) await this.writer.move({ branch, from, commit }, objects);
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
      await this.writer.emptyJournal();
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
    await this.writer.exclusively(async () => {
      this.assertExists();
      await remove();
      this.deleted = true;
      const gone = new RepositoryNotFound(this.name);
      this.writer.markGone(gone);
      this.database.markGone(gone);
    });
  }

  /**
   * @internal Waits for the writers that are under way, and makes what they wrote durable file by file. Those that come
   * later fail: the folder may belong to another process soon.
   */
  async settle(): Promise<void> {
    await this.writer.exclusively(async () => {
      if (this.deleted) return;
      try {
        await this.writer.emptyJournal();
      } finally {
        this.writer.markGone(new StoreClosed());
      }
    });
  }

  /** @internal Makes what was committed durable file by file, where it cannot be packed. */
  async emptyJournal(): Promise<void> {
    if (!this.deleted) await this.writer.emptyJournal();
  }

  /** @internal Packs by `pack`; what it packs needs no journal any more. */
  async packBy(pack: () => Promise<void>): Promise<void> {
    await this.writer.packBy(pack);
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

  private async writing<Result>(task: () => Promise<Result>): Promise<Result> {
    this.services.housekeeping.assertOpen();
    this.assertExists();
    try {
      const result = await task();
      this.services.written(this.name);
      return result;
    } catch (error) {
      throw asStorageFailure(error);
    }
  }

  private async alone<Result>(branches: readonly string[], task: () => Promise<Result>): Promise<Result> {
    return await this.writing(() => this.writer.alone(branches, task));
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
