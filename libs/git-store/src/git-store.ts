import { randomBytes } from 'node:crypto';
import { access, chmod, constants, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Identity, cleanIdentity } from './commit-object';
import { errorCode, syncFolder } from './durable-files';
import { FolderLock } from './folder-lock';
import { checkGit } from './git-process';
import { FolderUnusable, RepositoryDamaged, RepositoryExists, RepositoryNotFound } from './git-store.errors';
import { Housekeeping, type StoreLogger } from './housekeeping';
import { checkRepositoryName } from './names';
import { createObjectCache } from './object-cache';
import { ObjectDatabase } from './object-database';
import { PackedObjects } from './packed-objects';
import { Repository, type SharedServices } from './repository';
import { type NewRepository, buildRepository } from './repository-builder';
import { asStorageFailure } from './storage-failure';
import { type AdoptedRepository, buildFromUpstream } from './upstream/adoption';

export interface GitStoreOptions {
  /** Created when missing, readable by its owner only. */
  readonly folder: string;
  /** Committer of every commit, and author where a commit names none. */
  readonly identity: Identity;
  /** Bytes of memory for commits, trees and small files that were read last; 64 MiB by default. */
  readonly cacheBytes?: number;
  /** Loose objects of one repository that start packing in the background; 5,000 by default. */
  readonly maxLooseObjects?: number;
  /** Background work is silent by default. */
  readonly logger?: StoreLogger;
}

const REPOSITORY_SUFFIX = '.git';
/** Folders of repositories that are being made, or removed; nobody needs them after a restart. */
const NEW_PREFIX = '.new-';
const DELETED_PREFIX = '.deleted-';
const DEFAULT_CACHE_BYTES = 64 * 1024 * 1024;
const DEFAULT_MAX_LOOSE_OBJECTS = 5_000;
const SILENT: StoreLogger = { log: () => undefined, warn: () => undefined };

/** Bare Git repositories in one folder, owned by this process. */
export class GitStore {
  private readonly opened = new Map<string, Repository>();
  /** Repositories that could not be opened: they exist, and nobody should take them for deleted. */
  private readonly unusable = new Map<string, RepositoryDamaged>();
  /** Names of repositories that are being made. */
  private readonly reserved = new Set<string>();
  /** Creations and removals that {@link close} has to wait for. */
  private readonly underWay = new Set<Promise<unknown>>();
  private readonly writeListeners = new Set<(repository: string) => void>();

  private constructor(
    readonly folder: string,
    private readonly lock: FolderLock,
    private readonly services: SharedServices,
    private readonly logger: StoreLogger,
  ) {}

  /**
   * Takes a folder into possession and repairs what a killed process left in it.
   * @throws FolderUnusable, FolderInUse, GitUnusable
   */
  static async open(options: GitStoreOptions): Promise<GitStore> {
    const { cacheBytes = DEFAULT_CACHE_BYTES, maxLooseObjects = DEFAULT_MAX_LOOSE_OBJECTS, logger = SILENT } = options;
    const folder = resolve(options.folder);
    await prepareFolder(folder);
    await checkGit();
    const lock = await FolderLock.acquire(folder);
    const packed = new PackedObjects();
    const services = {
      identity: cleanIdentity(options.identity),
      packed,
      cache: createObjectCache(cacheBytes),
      housekeeping: new Housekeeping({ maxLooseObjects, packed, logger }),
      written: (repository: string) => {
        for (const listener of store.writeListeners) listener(repository);
      },
    };
    const store = new GitStore(folder, lock, services, logger);
    try {
      await store.load();
    } catch (error) {
      await store.close();
      throw error;
    }
    return store;
  }

  /** Names in the order of their bytes. */
  repositories(): string[] {
    return [...this.opened.keys(), ...this.unusable.keys()].sort();
  }

  /** @throws RepositoryNotFound, InvalidName, RepositoryDamaged */
  repository(name: string): Repository {
    const repository = this.opened.get(checkRepositoryName(name));
    const damage = this.unusable.get(name);
    if (damage !== undefined) throw damage;
    if (repository === undefined) throw new RepositoryNotFound(name);
    return repository;
  }

  /**
   * Creates a repository with its first branches and commits: completely or not at all, also when the process is
   * killed. The branch of the first step is the default branch of clones.
   * @throws RepositoryExists, InvalidName, InvalidPath, PathConflict, BranchNotFound, BranchExists, UpstreamError
   */
  async createRepository(name: string, plan: NewRepository | AdoptedRepository): Promise<Repository> {
    this.assertFree(name);
    return await this.track(this.create(name, plan));
  }

  /** Does everything that {@link createRepository} does and throws what it would throw, but keeps nothing. */
  async checkRepository(name: string, plan: NewRepository | AdoptedRepository): Promise<void> {
    this.assertFree(name);
    const location = this.temporary(NEW_PREFIX);
    await this.track(this.buildAndDiscard(location, plan));
  }

  private async buildAndDiscard(location: string, plan: NewRepository | AdoptedRepository): Promise<void> {
    try {
      await this.build(location, plan);
    } finally {
      await rm(location, { recursive: true, force: true });
    }
  }

  private assertFree(name: string): void {
    this.services.housekeeping.assertOpen();
    checkRepositoryName(name);
    if (this.opened.has(name) || this.unusable.has(name) || this.reserved.has(name)) throw new RepositoryExists(name);
  }

  private async create(name: string, plan: NewRepository | AdoptedRepository): Promise<Repository> {
    this.reserved.add(name);
    let location = this.temporary(NEW_PREFIX);
    try {
      await this.build(location, plan);
      await this.reveal(location, name);
      location = this.folderOf(name);
      await syncFolder(this.folder);
      const repository = await Repository.open(name, this.folderOf(name), this.services);
      this.opened.set(name, repository);
      return repository;
    } catch (error) {
      // On a disk that takes no changes the next start removes it.
      await rm(location, { recursive: true, force: true }).catch(() => undefined);
      throw error;
    } finally {
      this.reserved.delete(name);
    }
  }

  /**
   * Deletes a repository as soon as its writers are done; its files are removed in the background.
   * @throws RepositoryNotFound, InvalidName
   */
  async deleteRepository(name: string): Promise<void> {
    this.services.housekeeping.assertOpen();
    const folder = this.folderOf(name);
    const deleted = this.temporary(DELETED_PREFIX);
    const moveAway = async (): Promise<void> => {
      await rename(folder, deleted);
      this.opened.delete(name);
      this.unusable.delete(name);
      await syncFolder(this.folder);
    };
    // Nobody writes to one that could not be opened.
    await this.track(this.unusable.has(name) ? moveAway() : this.repository(name).delete(moveAway));
    this.removeInBackground(deleted, folder);
  }

  /** @param listener gets the name of a repository after each write to it; it must return at once and not throw */
  onWrite(listener: (repository: string) => void): void {
    this.writeListeners.add(listener);
  }

  /** Waits for writers, stops background work and gives the folder free. */
  async close(): Promise<void> {
    const stopped = this.services.housekeeping.stop();
    await Promise.allSettled(this.underWay);
    await Promise.all([...this.opened.values()].map((repository) => this.settle(repository)));
    await stopped;
    await Promise.allSettled(this.underWay);
    await this.services.packed.close();
    await this.lock.release();
  }

  private async settle(repository: Repository): Promise<void> {
    try {
      await repository.settle();
    } catch (error) {
      this.logger.warn(`The next start reads the journal of repository ${repository.name}: ${String(error)}`);
    }
  }

  private async build(folder: string, plan: NewRepository | AdoptedRepository): Promise<void> {
    const { packed, cache, identity } = this.services;
    const database = new ObjectDatabase(folder, packed, cache);
    try {
      if ('remote' in plan) await buildFromUpstream(folder, database, plan, identity);
      else await buildRepository(folder, database, plan, identity);
    } finally {
      // A reader of objects knows the folder by its present name.
      await packed.endReader(folder);
    }
  }

  private async reveal(building: string, name: string): Promise<void> {
    try {
      await rename(building, this.folderOf(name));
    } catch (error) {
      const code = errorCode(error);
      throw code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'ENOTDIR' ? new RepositoryExists(name) : error;
    }
  }

  private async load(): Promise<void> {
    for (const entry of await readdir(this.folder, { withFileTypes: true })) {
      if (!entry.isDirectory()) continue;
      if (entry.name.startsWith(NEW_PREFIX) || entry.name.startsWith(DELETED_PREFIX)) {
        this.removeInBackground(join(this.folder, entry.name));
      } else if (entry.name.endsWith(REPOSITORY_SUFFIX)) {
        await this.openExisting(entry.name.slice(0, -REPOSITORY_SUFFIX.length));
      }
    }
  }

  private async openExisting(name: string): Promise<void> {
    try {
      checkRepositoryName(name);
      this.opened.set(name, await Repository.open(name, this.folderOf(name), this.services));
    } catch (error) {
      const location = this.folderOf(name);
      const remedy = 'restore it from a backup or move it elsewhere, and restart the service';
      const damage =
        error instanceof RepositoryDamaged
          ? error
          : new RepositoryDamaged({ subject: `${name}${REPOSITORY_SUFFIX}`, remedy, location }, { cause: error });
      this.unusable.set(name, damage);
      this.logger.warn(`Cannot open ${damage.location}: ${damage.message} (${String(error)})`);
    }
  }

  private removeInBackground(folder: string, formerFolder = folder): void {
    const removal = this.services.packed
      .endReader(formerFolder)
      .then(() => rm(folder, { recursive: true, force: true }))
      .catch((error: unknown) => {
        this.logger.warn(`Cannot remove ${folder}, the next start tries again: ${String(error)}`);
      });
    void this.track(removal);
  }

  private async track<Result>(work: Promise<Result>): Promise<Result> {
    this.underWay.add(work);
    try {
      return await work;
    } catch (error) {
      throw asStorageFailure(error);
    } finally {
      this.underWay.delete(work);
    }
  }

  private temporary(prefix: string): string {
    return join(this.folder, prefix + randomBytes(8).toString('hex'));
  }

  private folderOf(name: string): string {
    return join(this.folder, name + REPOSITORY_SUFFIX);
  }
}

async function prepareFolder(folder: string): Promise<void> {
  try {
    const created = await mkdir(folder, { recursive: true, mode: 0o700 });
    if (created !== undefined) await chmod(folder, 0o700);
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new FolderUnusable(`The folder ${folder} must be a folder that this process can create and write to`, {
      cause: error,
    });
  }
}
