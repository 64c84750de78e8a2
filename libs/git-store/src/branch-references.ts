import { closeSync, existsSync, openSync, renameSync, unlinkSync, writeSync } from 'node:fs';
import { readFile, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Turnstile } from './bounded-concurrency';
import { BRANCH_LIST, BranchList } from './branch-list';
import { errorCode, ignoreMissing, syncFile, syncFolder } from './durable-files';
import { BranchNotFound, ReferenceLocked, RepositoryDamaged } from './git-store.errors';
import { isBranchName } from './names';
import { type ObjectId, isObjectId } from './object-id';
import { PackedReferences, readPacked } from './packed-references';
import { untilLocked } from './reference-lock';

const REFERENCE_MODE = 0o644;

/** Git's id for nothing. */
const NO_COMMIT = '0'.repeat(40);
const HEAD_NAME = /^refs\/heads\/([^/]+)$/;

const REMEDY = "write the id of the branch's last commit into it or restore it from a backup, and restart the service";

/** Where a branch is, or why that cannot be read. */
type Head = ObjectId | RepositoryDamaged;

/** A branch and the commit that it is to point to. */
export interface BranchUpdate {
  readonly branch: string;
  readonly commit: ObjectId;
}

/** The branches of one repository. The store is the only writer, so they are read once and kept in memory. */
export class BranchReferences {
  private readonly headsFolder: string;
  private readonly packed: PackedReferences;
  /** Descriptors of the locks that are held, by branch. */
  private readonly locks = new Map<string, number>();
  /** Branches whose locks could not be removed, on a disk that became read-only; nobody else's. */
  private readonly leftLocks = new Set<string>();
  /** Branches that moved, and whose move is on disk in the journal only. */
  private readonly unsynced = new Set<string>();
  /** One at a time: what another one waits for is not on disk yet. */
  private readonly syncs = new Turnstile(1);
  private hasLost = false;

  private constructor(
    private readonly repositoryFolder: string,
    private heads: Map<string, Head>,
    private readonly list: BranchList,
    /** Branches that packed-refs had under a damaged name when it was read. */
    private readonly missing: ReadonlySet<string>,
  ) {
    this.headsFolder = join(repositoryFolder, 'refs', 'heads');
    this.packed = new PackedReferences(repositoryFolder);
  }

  static async load(repositoryFolder: string): Promise<BranchReferences> {
    const [{ heads, packed }, list] = await Promise.all([
      readHeads(repositoryFolder),
      BranchList.load(repositoryFolder),
    ]);
    const missing = list.misnamed(heads, packed.keys());
    if (missing.length === 0) await list.recordIfPossible(() => heads.keys());
    const references = new BranchReferences(repositoryFolder, heads, list, new Set(missing));
    references.addMissing();
    return references;
  }

  /**
   * Waiting for the disk failed, and so something that was published may not be there: the system says so once, and
   * waiting again tells nothing.
   */
  get mayHaveLost(): boolean {
    return this.hasLost;
  }

  /** Reads the branches again. The caller writes those that may be lost once more. */
  async reload(): Promise<void> {
    await this.readAgain();
    this.hasLost = false;
  }

  has(branch: string): boolean {
    return this.heads.has(branch);
  }

  /** Whether Git has the branch under a damaged name only. */
  isMissing(branch: string): boolean {
    return this.missing.has(branch) && this.readable(branch) === undefined;
  }

  /** @throws RepositoryDamaged when the branch exists, but cannot be read */
  find(branch: string): ObjectId | undefined {
    const head = this.heads.get(branch);
    if (head instanceof RepositoryDamaged) throw head;
    return head;
  }

  /** @throws BranchNotFound, RepositoryDamaged */
  get(branch: string): ObjectId {
    const commit = this.find(branch);
    if (commit === undefined) throw new BranchNotFound(branch);
    return commit;
  }

  /** @throws RepositoryDamaged when any branch cannot be read */
  assertReadable(): void {
    for (const branch of this.heads.keys()) this.find(branch);
  }

  /** Names in the order of their bytes. */
  names(): string[] {
    return [...this.heads.keys()].sort();
  }

  /** Where a branch is; undefined when that cannot be read. */
  readable(branch: string): ObjectId | undefined {
    const head = this.heads.get(branch);
    return head instanceof RepositoryDamaged ? undefined : head;
  }

  /**
   * Takes the lock of a branch, as Git does before it changes one. {@link publish} or {@link unlock} gives it back.
   * @returns false when a foreign git command holds it
   */
  lock(branch: string): boolean {
    const file = this.lockOf(branch);
    if (this.leftLocks.has(branch)) this.unlock(branch);
    try {
      this.locks.set(branch, openSync(file, 'wx', REFERENCE_MODE));
      return true;
    } catch (error) {
      if (errorCode(error) === 'EEXIST') return false;
      throw error;
    }
  }

  /** What to say when the lock of one of several branches stays. */
  lockedBy(branches: readonly string[]): ReferenceLocked {
    const locks = branches.map((branch) => this.lockOf(branch));
    return new ReferenceLocked(locks.find((lock) => existsSync(lock)) ?? locks.join(', '));
  }

  /** Writes where a locked branch is to go; nobody sees it yet. */
  stage({ branch, commit }: BranchUpdate): void {
    const descriptor = this.locks.get(branch);
    if (descriptor === undefined) throw new TypeError(`Branch ${branch} is not locked`);
    writeSync(descriptor, `${commit}\n`);
  }

  /** Moves locked branches to where they were staged to go, without waiting for the disk. */
  publish(updates: readonly BranchUpdate[]): void {
    for (const { branch, commit } of updates) {
      this.closeLock(branch);
      renameSync(this.lockOf(branch), this.fileOf(branch));
      this.unsynced.add(branch);
      this.heads.set(branch, commit);
    }
  }

  /** Gives the lock of a branch back when it was not published. */
  unlock(branch: string): void {
    this.closeLock(branch);
    try {
      unlinkSync(this.lockOf(branch));
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') {
        this.leftLocks.add(branch);
        return;
      }
    }
    this.leftLocks.delete(branch);
  }

  /** Waits until everything that was published is on disk. */
  async sync(): Promise<void> {
    await this.syncs.run(() => this.syncPublished());
  }

  /**
   * Points branches to commits, durably. Commits must be on disk before.
   * @throws ReferenceLocked
   */
  async update(updates: readonly BranchUpdate[]): Promise<void> {
    const locked: string[] = [];
    try {
      for (const update of updates) {
        await this.waitForLock(update.branch);
        locked.push(update.branch);
        this.stage(update);
      }
      this.publish(updates);
    } catch (error) {
      for (const branch of locked) this.unlock(branch);
      await this.readAgain();
      throw error;
    }
    await this.sync();
  }

  /** Removes a branch durably. */
  async remove(branch: string): Promise<void> {
    await this.packed.hold(async () => {
      // First: a packed value comes back to life when the branch's own file is gone.
      await this.packed.remove(`refs/heads/${branch}`);
      await unlink(this.fileOf(branch)).catch(ignoreMissing);
    });
    await syncFolder(this.headsFolder);
    this.heads.delete(branch);
    await this.list.recordIfPossible(() => this.heads.keys());
  }

  private async syncPublished(): Promise<void> {
    const branches = [...this.unsynced];
    if (branches.length === 0) return;
    this.unsynced.clear();
    try {
      for (const branch of branches) await syncFile(this.fileOf(branch)).catch(ignoreMissing);
      await syncFolder(this.headsFolder);
      await this.list.record(() => this.heads.keys());
    } catch (error) {
      for (const branch of branches) this.unsynced.add(branch);
      this.hasLost = true;
      throw error;
    }
  }

  private async readAgain(): Promise<void> {
    this.heads = (await readHeads(this.repositoryFolder)).heads;
    this.addMissing();
  }

  private addMissing(): void {
    for (const branch of this.missing) {
      if (!this.heads.has(branch)) this.heads.set(branch, misnamed(this.repositoryFolder, branch));
    }
  }

  private async waitForLock(branch: string): Promise<void> {
    await untilLocked(
      () => this.lock(branch),
      () => this.lockedBy([branch]),
    );
  }

  private closeLock(branch: string): void {
    const descriptor = this.locks.get(branch);
    this.locks.delete(branch);
    if (descriptor !== undefined) closeSync(descriptor);
  }

  private fileOf(branch: string): string {
    return join(this.headsFolder, branch);
  }

  private lockOf(branch: string): string {
    return `${this.fileOf(branch)}.lock`;
  }
}

/** Branches from packed-refs, overridden by those with a file of their own. Names with a slash are left out. */
async function readHeads(
  repositoryFolder: string,
): Promise<{ heads: Map<string, Head>; packed: ReadonlyMap<string, ObjectId> }> {
  // Git moves branches from files to packed-refs: read the other way around, one could be in neither.
  const loose = await readLoose(join(repositoryFolder, 'refs', 'heads'));
  const packed = await readPacked(repositoryFolder);
  const heads = new Map<string, Head>();
  for (const [reference, commit] of packed) {
    const branch = HEAD_NAME.exec(reference)?.[1];
    if (branch !== undefined) heads.set(branch, commit);
  }
  for (const [branch, head] of loose) heads.set(branch, head);
  return { heads, packed };
}

async function readLoose(folder: string): Promise<Map<string, Head>> {
  const heads = new Map<string, Head>();
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isFile() || !isBranchName(entry.name)) continue;
    const head = await readHead(folder, entry.name);
    if (head !== undefined) heads.set(entry.name, head);
  }
  return heads;
}

/** @returns undefined when there is no such file any more */
async function readHead(folder: string, branch: string): Promise<Head | undefined> {
  const location = join(folder, branch);
  try {
    const commit = (await readFile(location, 'utf8')).trim();
    return isObjectId(commit) && commit !== NO_COMMIT ? commit : damaged(branch, location);
  } catch (cause) {
    return errorCode(cause) === 'ENOENT' ? undefined : damaged(branch, location, cause);
  }
}

const damaged = (branch: string, location: string, cause?: unknown): RepositoryDamaged =>
  new RepositoryDamaged({ subject: `refs/heads/${branch}`, remedy: REMEDY, location }, { cause });

const misnamed = (repositoryFolder: string, branch: string): RepositoryDamaged =>
  new RepositoryDamaged({
    subject: `refs/heads/${branch}`,
    remedy: `${REMEDY}; if the branch was removed on purpose, delete ${BRANCH_LIST} of the repository instead`,
    location: join(repositoryFolder, 'refs', 'heads', branch),
  });
