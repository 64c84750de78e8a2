import { setTimeout as delay } from 'node:timers/promises';
import { readFile, readdir, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { createSynced, errorCode, renameSynced, syncFolder } from './durable-files';
import { BranchNotFound, ReferenceLocked, RepositoryDamaged } from './git-store.errors';
import { isBranchName } from './names';
import { type ObjectId, isObjectId } from './object-id';

/** How often and how long (milliseconds) to wait for a lock that a foreign git command holds. */
const LOCK_ATTEMPTS = 40;
const LOCK_PAUSE = 50;

/** Git's id for nothing. */
const NO_COMMIT = '0'.repeat(40);
const PACKED_HEADER = '# pack-refs with:';
/** A reference, or what a tag before it points to. */
const PACKED_LINE = /^(?:[0-9a-f]{40} refs\/\S+|\^[0-9a-f]{40})$/;
const PACKED_HEAD = /^([0-9a-f]{40}) refs\/heads\/([^/]+)$/;

/** Where a branch is, or why that cannot be read. */
type Head = ObjectId | RepositoryDamaged;

/** A branch and the commit that it is to point to. */
export interface BranchUpdate {
  readonly branch: string;
  readonly commit: ObjectId;
}

/**
 * The branches of one repository. The store is the only writer, so they are read once and kept in memory; what is in
 * memory is on disk.
 */
export class BranchReferences {
  private readonly headsFolder: string;
  /** Locks that could not be removed, on a disk that became read-only; nobody else's. */
  private readonly leftLocks = new Set<string>();

  private constructor(
    private readonly repositoryFolder: string,
    private heads: Map<string, Head>,
  ) {
    this.headsFolder = join(repositoryFolder, 'refs', 'heads');
  }

  static async load(repositoryFolder: string): Promise<BranchReferences> {
    return new BranchReferences(repositoryFolder, await readHeads(repositoryFolder));
  }

  /** Reads the branches again, after something beside {@link update} wrote them. */
  async reload(): Promise<void> {
    this.heads = await readHeads(this.repositoryFolder);
  }

  has(branch: string): boolean {
    return this.heads.has(branch);
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

  /**
   * Points branches to commits, durably: their lock files hold the new values first, then all are renamed. Commits
   * must be on disk before.
   * @param beforeVisible runs when only renaming is left to do
   * @throws ReferenceLocked
   */
  async update(updates: readonly BranchUpdate[], beforeVisible?: () => Promise<void>): Promise<void> {
    await this.stage(updates);
    try {
      await beforeVisible?.();
    } catch (error) {
      await this.discard(updates);
      throw error;
    }
    try {
      for (const { branch } of updates) await rename(this.lockOf(branch), this.fileOf(branch));
      await syncFolder(this.headsFolder);
    } catch (error) {
      await this.discard(updates);
      await this.reload();
      throw error;
    }
    for (const { branch, commit } of updates) this.heads.set(branch, commit);
  }

  /** Removes a branch durably. */
  async remove(branch: string): Promise<void> {
    await this.removePacked(branch);
    await unlink(this.fileOf(branch)).catch(ignoreMissing);
    await syncFolder(this.headsFolder);
    this.heads.delete(branch);
  }

  private async stage(updates: readonly BranchUpdate[]): Promise<void> {
    const staged: BranchUpdate[] = [];
    try {
      for (const update of updates) {
        await this.createLock(this.lockOf(update.branch), `${update.commit}\n`);
        staged.push(update);
      }
    } catch (error) {
      await this.discard(staged);
      throw error;
    }
  }

  private async discard(updates: readonly BranchUpdate[]): Promise<void> {
    for (const { branch } of updates) await this.removeLock(this.lockOf(branch));
  }

  private async createLock(lockFile: string, content: string): Promise<void> {
    if (this.leftLocks.has(lockFile)) await this.removeLock(lockFile);
    for (let attempt = 1; ; attempt++) {
      try {
        await createSynced(lockFile, content);
        return;
      } catch (error) {
        if (errorCode(error) !== 'EEXIST') {
          await this.removeLock(lockFile);
          throw error;
        }
        if (attempt === LOCK_ATTEMPTS) throw new ReferenceLocked(lockFile);
        await delay(LOCK_PAUSE);
      }
    }
  }

  private async removeLock(lockFile: string): Promise<void> {
    try {
      await unlink(lockFile).catch(ignoreMissing);
      this.leftLocks.delete(lockFile);
    } catch {
      this.leftLocks.add(lockFile);
    }
  }

  /** A packed value would come back to life when the branch's own file is gone. */
  private async removePacked(branch: string): Promise<void> {
    const file = join(this.repositoryFolder, 'packed-refs');
    const lines = ((await readFile(file, 'utf8').catch(ignoreMissing)) ?? '').split('\n');
    const start = lines.findIndex((line) => PACKED_HEAD.exec(line)?.[2] === branch);
    if (start < 0) return;
    // A line with ^ belongs to the one before it.
    lines.splice(start, lines[start + 1]?.startsWith('^') === true ? 2 : 1);
    await this.createLock(`${file}.lock`, lines.join('\n'));
    await renameSynced(`${file}.lock`, file, this.repositoryFolder);
  }

  private fileOf(branch: string): string {
    return join(this.headsFolder, branch);
  }

  private lockOf(branch: string): string {
    return `${this.fileOf(branch)}.lock`;
  }
}

/** Branches from packed-refs, overridden by those with a file of their own. Names with a slash are left out. */
async function readHeads(repositoryFolder: string): Promise<Map<string, Head>> {
  const heads = await readPackedHeads(join(repositoryFolder, 'packed-refs'));
  const folder = join(repositoryFolder, 'refs', 'heads');
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isFile() && isBranchName(entry.name)) heads.set(entry.name, await readHead(folder, entry.name));
  }
  return heads;
}

/** @throws RepositoryDamaged since nobody knows which branches a damaged file held */
async function readPackedHeads(file: string): Promise<Map<string, Head>> {
  const heads = new Map<string, Head>();
  const text = await readFile(file, 'utf8').catch(ignoreMissing);
  if (text === undefined) return heads;
  const [header = '', ...lines] = text.split('\n');
  if (!header.startsWith(PACKED_HEADER) || lines.pop() !== '' || !lines.every((line) => PACKED_LINE.test(line))) {
    throw new RepositoryDamaged({ subject: 'packed-refs', location: file });
  }
  for (const line of lines) {
    const [, commit = '', branch = ''] = PACKED_HEAD.exec(line) ?? [];
    if (isObjectId(commit)) heads.set(branch, commit);
  }
  return heads;
}

async function readHead(folder: string, branch: string): Promise<Head> {
  const location = join(folder, branch);
  const remedy =
    "write the id of the branch's last commit into it or restore it from a backup, and restart the service";
  const subject = `refs/heads/${branch}`;
  try {
    const commit = (await readFile(location, 'utf8')).trim();
    return isObjectId(commit) && commit !== NO_COMMIT ? commit : new RepositoryDamaged({ subject, remedy, location });
  } catch (cause) {
    return new RepositoryDamaged({ subject, remedy, location }, { cause });
  }
}

function ignoreMissing(error: unknown): undefined {
  if (errorCode(error) !== 'ENOENT') throw error;
}
