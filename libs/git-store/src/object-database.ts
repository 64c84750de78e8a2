import { join } from 'node:path';
import { type Commit, parseCommit } from './commit-object';
import { type GitObject, type NamedObject, type ObjectType, type StoredObject, type StoredObjects } from './git-object';
import { RepositoryDamaged } from './git-store.errors';
import { GroupPacks } from './group-packs';
import { LooseObjects } from './loose-objects';
import { exactCopy, NOT_KEPT, type ObjectCache } from './object-cache';
import { type ObjectId } from './object-id';
import { writeKeptPack, writePack } from './pack-writer';
import { type PackedObjects } from './packed-objects';
import { type Tree, parseTree } from './tree';

/** Bytes; larger blobs would push out the trees and commits that every read needs. */
const LARGEST_CACHED_BLOB = 64 * 1024;
/** Estimates of what a value takes in memory beside its bytes. */
const TREE_ENTRY_BYTES = 300;
const COMMIT_BYTES = 1_000;
const ENTRY_BYTES = 200;
/**
 * Packing moves objects between files and packs; each place is looked at twice, so that an object that moved between
 * the first two looks is found.
 */
const LOOKS = 2;

/** Objects of one commit from which starting git, some 10 ms, costs less than creating so many files. */
export const PACK_FROM = 100;
/** Packs slow every lookup down: 50 of them, Git's own limit, ask for packing like the default of 5,000 loose objects. */
export const PACK_WEIGHT = 100;
/** Of the pack of a group. They are small and many, and Git looks into the newest ones first. */
const GROUP_PACK_WEIGHT = 50;

interface WrittenAhead {
  /** How much this leaves to housekeeping, in loose objects. */
  readonly work: number;
  readonly release: () => Promise<void>;
}

interface Cached<Value> {
  readonly value: Value;
  /** What it takes in the cache. */
  readonly bytes: number;
}

const cachedCommit = (body: Buffer, id: ObjectId): Cached<Commit> => ({
  value: parseCommit(id, body),
  bytes: COMMIT_BYTES + body.length,
});

const cachedTree = (body: Buffer): Cached<Tree> => withSize(parseTree(body));

const withSize = (value: Tree): Cached<Tree> => ({ value, bytes: ENTRY_BYTES + value.size * TREE_ENTRY_BYTES });

const cachedBlob = (body: Buffer): Cached<Buffer> =>
  body.length <= LARGEST_CACHED_BLOB
    ? { value: exactCopy(body), bytes: ENTRY_BYTES + body.length }
    : { value: body, bytes: NOT_KEPT };

let databases = 0;

/** The objects of one repository, wherever they are kept. Objects never change, so what was read once stays true. */
export class ObjectDatabase {
  private readonly loose: LooseObjects;
  private readonly groupPacks: GroupPacks;
  /** Objects of one repository must not be readable through another one that shares the cache. */
  private readonly cachePrefix = `${databases++}:`;

  /** Objects of commits that are on their way to the disk, and how many of those need each. */
  private readonly upcoming = new Map<ObjectId, { readonly object: NamedObject; commits: number }>();

  private gone: Error | undefined;

  constructor(
    private readonly repositoryFolder: string,
    private readonly packed: PackedObjects,
    private readonly cache: ObjectCache,
  ) {
    this.loose = new LooseObjects(join(repositoryFolder, 'objects'));
    this.groupPacks = new GroupPacks(join(repositoryFolder, 'objects', 'pack'));
  }

  /** @returns undefined when `id` names no commit of this repository */
  async findCommit(id: ObjectId): Promise<Commit | undefined> {
    return await this.cached(id, 'commit', cachedCommit);
  }

  /** @throws RepositoryDamaged */
  async readCommit(id: ObjectId): Promise<Commit> {
    return (await this.findCommit(id)) ?? this.missing(id, 'commit');
  }

  /** @throws RepositoryDamaged */
  async readTree(id: ObjectId): Promise<Tree> {
    const tree = await this.cached(id, 'tree', cachedTree);
    return tree ?? this.missing(id, 'tree');
  }

  /**
   * @returns a buffer that belongs to the caller
   * @throws RepositoryDamaged
   */
  async readBlob(id: ObjectId): Promise<Buffer> {
    const content = await this.cached(id, 'blob', cachedBlob);
    if (content === undefined) return this.missing(id, 'blob');
    return content.length <= LARGEST_CACHED_BLOB ? Buffer.from(content) : content;
  }

  /**
   * Stores objects durably: few as a file each, many as a pack.
   * @returns how much work this leaves to housekeeping, in loose objects
   */
  async write(objects: readonly NamedObject[]): Promise<number> {
    const { work, release } = await this.writeAhead(objects);
    await release();
    return work;
  }

  /** As {@link write}, in a repository that nobody sees before its `objects` folder is synced. */
  async fill(objects: readonly NamedObject[]): Promise<void> {
    const distinct = [...new Map(objects.map((object) => [object.id, object])).values()];
    if (distinct.length < PACK_FROM) await this.loose.fill(distinct);
    else await writePack(this.repositoryFolder, distinct);
  }

  /** As {@link write}, for objects that nothing refers to yet: until they are released, they stay where they are. */
  async writeAhead(objects: readonly NamedObject[]): Promise<WrittenAhead> {
    const written = await this.store(objects);
    for (const object of objects) this.remember(object);
    return written;
  }

  /** Makes objects readable that are not on disk yet, until {@link release}. */
  hold(objects: readonly NamedObject[]): void {
    for (const object of objects) {
      const held = this.upcoming.get(object.id);
      if (held === undefined) this.upcoming.set(object.id, { object, commits: 1 });
      else held.commits++;
    }
  }

  /** @param objects were held, and are on disk or given up */
  release(objects: readonly NamedObject[]): void {
    for (const { id } of objects) {
      const held = this.upcoming.get(id);
      if (held !== undefined && --held.commits === 0) this.upcoming.delete(id);
    }
  }

  /**
   * Puts objects that are durable elsewhere where Git finds them, without waiting for the disk. All or none.
   * @returns how much work this leaves to housekeeping, in loose objects
   */
  place({ form, objects }: StoredObjects): number {
    if (form === 'loose') return this.loose.place(objects);
    this.groupPacks.place(objects);
    return Math.max(GROUP_PACK_WEIGHT, objects.length);
  }

  /** Names of packs that were placed, and may not be on the disk yet. */
  unsyncedPacks(): readonly string[] {
    return this.groupPacks.unsyncedNames();
  }

  /** Waits until those that are still there are on the disk. */
  async syncPacks(names: readonly string[]): Promise<void> {
    await this.groupPacks.sync(names);
  }

  /** Makes packs that were placed durable, in fewer ones, whatever is left of their files. */
  async restorePacks(groups: readonly (readonly StoredObject[])[]): Promise<void> {
    await this.groupPacks.restore(groups);
  }

  /** Stores objects durably once more, whatever is in their files. */
  async rewrite(objects: readonly NamedObject[]): Promise<void> {
    if (objects.length < PACK_FROM) {
      await this.loose.rewrite(objects);
      return;
    }
    await writePack(this.repositoryFolder, objects);
    await this.loose.remove(objects.map(({ id }) => id));
  }

  /** The next writer of a branch needs its new commit and trees, and whoever reads what was written needs them as well. */
  remember({ id, type, body, tree }: NamedObject): void {
    if (type === 'blob') return;
    const { value, bytes } = tree ? withSize(tree) : type === 'commit' ? cachedCommit(body, id) : cachedTree(body);
    this.cache.set(this.keyOf(id, type), value, { size: bytes });
  }

  /** See {@link LooseObjects.removeUnused}. */
  async removeUnused(collect: () => Promise<readonly ObjectId[]>, writtenBefore: Date): Promise<number> {
    return await this.loose.removeUnused(collect, writtenBefore);
  }

  /** Makes reads that do not find their objects any more fail with `reason`. */
  markGone(reason: Error): void {
    this.gone = reason;
  }

  /** The number of objects that are files of their own. */
  async countLoose(): Promise<number> {
    return await this.loose.count();
  }

  /** What a process that is gone has left to housekeeping, in loose objects. */
  async countWork(): Promise<number> {
    return (await this.loose.count()) + (await this.groupPacks.count()) * GROUP_PACK_WEIGHT;
  }

  private async store(objects: readonly NamedObject[]): Promise<WrittenAhead> {
    if (objects.length < PACK_FROM) return { work: await this.loose.write(objects), release: () => Promise.resolve() };
    return { work: PACK_WEIGHT, release: await writeKeptPack(this.repositoryFolder, objects) };
  }

  private keyOf(id: ObjectId, type: ObjectType): string {
    return `${this.cachePrefix}${type}:${id}`;
  }

  private async cached<Value extends object>(
    id: ObjectId,
    type: ObjectType,
    parse: (body: Buffer, id: ObjectId) => Cached<Value>,
  ): Promise<Value | undefined> {
    const key = this.keyOf(id, type);
    const known = this.cache.get(key);
    // The cache is filled by the same parsers only, and the type is part of the key.
    if (known !== undefined) return known as Value;
    const object = await this.find(id);
    if (object?.type !== type) return undefined;
    const { value, bytes } = this.parseSafely(id, object, parse);
    this.cache.set(key, value, { size: bytes });
    return value;
  }

  private parseSafely<Value>(id: ObjectId, object: GitObject, parse: (body: Buffer, id: ObjectId) => Value): Value {
    try {
      return parse(object.body, id);
    } catch (error) {
      throw this.damaged(`${object.type} ${id}`, { cause: error });
    }
  }

  private async find(id: ObjectId): Promise<GitObject | undefined> {
    const held = this.upcoming.get(id);
    if (held !== undefined) return held.object;
    try {
      for (let look = 0; look < LOOKS; look++) {
        const object = (await this.loose.read(id)) ?? (await this.packed.read(this.repositoryFolder, id));
        if (object !== undefined) return object;
      }
    } catch (error) {
      throw this.gone ?? error;
    }
    if (this.gone !== undefined) throw this.gone;
    return undefined;
  }

  private missing(id: ObjectId, type: ObjectType): never {
    throw this.damaged(`${type} ${id}`);
  }

  private damaged(subject: string, options?: ErrorOptions): RepositoryDamaged {
    return new RepositoryDamaged({ subject, location: this.repositoryFolder }, options);
  }
}
