import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runGitInBackground } from './background-git';
import { Turnstile } from './bounded-concurrency';
import { GitUnusable, StoreClosed } from './git-store.errors';
import { type ObjectDatabase } from './object-database';
import { type ObjectId, isObjectId } from './object-id';
import { type PackedObjects } from './packed-objects';
import { removeTemporaryPacks } from './repository-layout';
import { asStorageFailure } from './storage-failure';

/** Where a store reports what goes on in the background; a Nest logger fits. */
export interface StoreLogger {
  log(message: string): void;
  warn(message: string): void;
}

/** Anything that can be packed: a repository. */
export interface PackableRepository {
  readonly name: string;
  readonly folder: string;
  readonly objects: ObjectDatabase;
  /** Runs `pack`, which packs everything that the branches refer to. */
  packBy(pack: () => Promise<void>): Promise<void>;
  /** Makes what was committed durable without packing it. */
  emptyJournal(): Promise<void>;
  /** @throws RepositoryDamaged when it must stay as it is, so that it can be restored */
  assertReadable(): void;
}

export interface HousekeepingOptions {
  /** Loose objects of one repository that start packing in the background. */
  readonly maxLooseObjects: number;
  readonly packed: PackedObjects;
  readonly logger: StoreLogger;
}

interface Growth {
  /** Estimate, with packs as so many; unknown until it was counted. */
  looseObjects: number | undefined;
  branchChanges: number;
  running: Promise<void> | undefined;
}

/** Two weeks, as Git's own default: objects that nothing refers to stay at least that long. In milliseconds. */
const UNUSED_OBJECTS_STAY = 14 * 24 * 3600 * 1000;
/** Its date says when unused objects were removed last. */
const LAST_REMOVAL_FILE = 'keptn-last-removal';
/**
 * One thread, and less than half of Git's own search for differences: the machine belongs to the readers and writers. Costs a
 * twentieth more space.
 */
const PACK_SETTINGS = [
  '-c',
  'pack.threads=1',
  '-c',
  'pack.window=4',
  '-c',
  'pack.compression=1',
  '-c',
  'repack.writeBitmaps=false',
  '-c',
  'core.commitGraph=true',
];

/** Packs repositories in the background, one at a time, while readers and writers go on. */
export class Housekeeping {
  private readonly growth = new WeakMap<PackableRepository, Growth>();
  private readonly turnstile = new Turnstile(1);
  private readonly stopping = new AbortController();
  private readonly underWay = new Set<Promise<void>>();

  constructor(private readonly options: HousekeepingOptions) {}

  /** @throws StoreClosed */
  assertOpen(): void {
    if (this.stopping.signal.aborted) throw new StoreClosed();
  }

  /** A commit added loose objects; packs in the background when there are too many. */
  grown(repository: PackableRepository, addedObjects: number): void {
    const growth = this.growthOf(repository);
    if (growth.looseObjects === undefined) {
      growth.looseObjects = 0;
      this.inBackground(repository, this.count(repository, growth));
    }
    growth.looseObjects += addedObjects;
    this.packWhenTooMany(repository, growth);
  }

  /** Which objects are in use may have changed in a way that a collection under way has not seen. */
  branchesChanged(repository: PackableRepository): void {
    this.growthOf(repository).branchChanges++;
  }

  /** Packs now, or joins the packing that is under way. */
  async maintain(repository: PackableRepository): Promise<void> {
    this.assertOpen();
    const growth = this.growthOf(repository);
    growth.running ??= this.start(repository, growth);
    await growth.running;
  }

  /** Stops what is under way; Git leaves the repository whole when it is stopped. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.allSettled(this.underWay);
  }

  private async start(repository: PackableRepository, growth: Growth): Promise<void> {
    const packing = this.turnstile.run(() => this.packIfPossible(repository, growth));
    this.underWay.add(packing);
    try {
      await packing;
    } finally {
      this.underWay.delete(packing);
      growth.running = undefined;
    }
  }

  private packWhenTooMany(repository: PackableRepository, growth: Growth): void {
    if ((growth.looseObjects ?? 0) <= this.options.maxLooseObjects || growth.running !== undefined) return;
    if (!this.stopping.signal.aborted) this.inBackground(repository, this.maintain(repository));
  }

  private inBackground(repository: PackableRepository, work: Promise<void>): void {
    const done = work
      .catch((error: unknown) => {
        if (this.stopping.signal.aborted) return;
        // The next attempt comes when as many objects again were added.
        this.growthOf(repository).looseObjects = 0;
        this.options.logger.warn(`Packing repository ${repository.name} failed: ${String(error)}`);
      })
      .finally(() => this.underWay.delete(done));
    this.underWay.add(done);
  }

  private async count(repository: PackableRepository, growth: Growth): Promise<void> {
    const counted = await repository.objects.countWork();
    growth.looseObjects = Math.max(counted, growth.looseObjects ?? 0);
    this.packWhenTooMany(repository, growth);
  }

  /** The journal of what cannot be packed must not grow until it can. */
  private async packIfPossible(repository: PackableRepository, growth: Growth): Promise<void> {
    try {
      await this.pack(repository, growth);
    } catch (error) {
      if (!this.stopping.signal.aborted) await this.emptyJournal(repository);
      throw error;
    }
  }

  private async emptyJournal(repository: PackableRepository): Promise<void> {
    await repository.emptyJournal().catch((error: unknown) => {
      this.options.logger.warn(`The journal of repository ${repository.name} grows: ${String(error)}`);
    });
  }

  private async pack(repository: PackableRepository, growth: Growth): Promise<void> {
    repository.assertReadable();
    const started = Date.now();
    const before = growth.looseObjects ?? 0;
    if (growth.looseObjects !== undefined) growth.looseObjects = 0;
    const branchChanges = growth.branchChanges;
    let isRemovalDue = await this.isRemovalDue(repository);
    await repository.packBy(async () => {
      isRemovalDue &&= await this.loosenUnused(repository);
      // Keeps every object.
      if (!isRemovalDue) await this.repack(repository, ['--geometric=2']);
    });
    // Before the removal: a commit graph must not name commits that are gone.
    await this.git(repository, [...PACK_SETTINGS, 'commit-graph', 'write', '--reachable', '--changed-paths']);
    if (isRemovalDue) await this.removeUnused(repository, () => growth.branchChanges === branchChanges);
    // A running reader keeps replaced packs open, and so their space on disk.
    await this.options.packed.endReader(repository.folder);
    growth.looseObjects = Math.max(growth.looseObjects ?? 0, await repository.objects.countLoose());
    const took = Date.now() - started;
    this.options.logger.log(`Packed repository ${repository.name}: ${before} loose objects, ${took} ms`);
  }

  /**
   * Makes the objects loose that nothing refers to, and packs all others.
   * @returns false when Git cannot tell which ones those are
   */
  private async loosenUnused(repository: PackableRepository): Promise<boolean> {
    try {
      // Objects of one pack are compared with -f only.
      await this.repack(repository, ['-A', '-f']);
      return true;
    } catch (error) {
      if (!(error instanceof GitUnusable) || this.stopping.signal.aborted) throw error;
      this.options.logger.warn(`Unused objects of repository ${repository.name} stay: ${error.message}`);
      return false;
    }
  }

  private async repack(repository: PackableRepository, kind: readonly string[]): Promise<void> {
    await this.git(repository, [...PACK_SETTINGS, 'repack', '-d', '-l', '-q', ...kind]);
  }

  /** @param sameBranches false: a branch that appeared or went meanwhile changes what is in use; next time then */
  private async removeUnused(repository: PackableRepository, sameBranches: () => boolean): Promise<void> {
    const writtenBefore = new Date(Date.now() - UNUSED_OBJECTS_STAY);
    const collect = async (): Promise<readonly ObjectId[]> => {
      const args = ['prune', '--dry-run', `--expire=${writtenBefore.toISOString()}`];
      const unused = asObjectIds(await this.git(repository, args));
      return sameBranches() ? unused : [];
    };
    await repository.objects.removeUnused(collect, writtenBefore);
    await writeFile(join(repository.folder, LAST_REMOVAL_FILE), '');
  }

  private async isRemovalDue(repository: PackableRepository): Promise<boolean> {
    const last = await stat(join(repository.folder, LAST_REMOVAL_FILE)).catch(() => undefined);
    const since = last ?? (await stat(join(repository.folder, 'config')));
    return Date.now() - since.mtimeMs > UNUSED_OBJECTS_STAY;
  }

  private async git(repository: PackableRepository, args: readonly string[]): Promise<Buffer> {
    try {
      return await runGitInBackground(repository.folder, args, this.stopping.signal);
    } catch (error) {
      const failure = asStorageFailure(error);
      // What Git has left must not keep the disk full.
      if (failure !== error) await removeTemporaryPacks(repository.folder).catch(() => undefined);
      throw failure;
    }
  }

  private growthOf(repository: PackableRepository): Growth {
    let growth = this.growth.get(repository);
    if (growth === undefined) {
      growth = { looseObjects: undefined, branchChanges: 0, running: undefined };
      this.growth.set(repository, growth);
    }
    return growth;
  }
}

/** `git prune --dry-run` prints `<id> <type>` lines. */
function asObjectIds(output: Buffer): ObjectId[] {
  return output
    .toString('latin1')
    .split('\n')
    .map((line) => line.slice(0, 40))
    .filter(isObjectId);
}
