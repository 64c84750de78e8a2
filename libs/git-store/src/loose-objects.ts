import { randomBytes } from 'node:crypto';
import { mkdirSync, statSync, unlinkSync, utimesSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, unlink, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { forEachConcurrently, PARALLEL_FILES } from './bounded-concurrency';
import { compress, decompress } from './compression';
import { createFile, createSynced, errorCode, ignoreMissing, syncFile, syncFolder } from './durable-files';
import { type GitObject, type NamedObject, type StoredObject, isObjectType } from './git-object';
import { RepositoryDamaged } from './git-store.errors';
import { type ObjectId } from './object-id';

const OBJECT_MODE = 0o444;
/** Tells the temporary files of this process from leftovers of another one. */
const TEMPORARY_PREFIX = `${randomBytes(8).toString('hex')}_`;
let temporaries = 0;
/** Packing takes a folder away between two steps of a writer now and then; so often in a row it does not. */
const PLACE_ATTEMPTS = 10;
/** Deleting is synchronous; after so many files others get their turn. */
const REMOVALS_PER_TURN = 50;

/** The objects of one repository that are files of their own, `objects/ab/cdef…`. */
export class LooseObjects {
  /** Fan-out folders whose own name is known to be on disk. */
  private readonly durableFolders = new Map<string, Promise<void>>();
  /** While somebody collects unused objects: what was written since, and so is in use. */
  private writtenMeanwhile: Set<ObjectId> | undefined;

  /** @param folder the `objects` folder of a repository */
  constructor(private readonly folder: string) {}

  /**
   * @returns undefined when there is no such file (the object may be packed)
   * @throws RepositoryDamaged when the file is damaged
   */
  async read(id: ObjectId): Promise<GitObject | undefined> {
    const bytes = await readFile(this.fileOf(id)).catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw error;
    });
    if (bytes === undefined) return undefined;
    try {
      return await objectIn(bytes);
    } catch (error) {
      throw new RepositoryDamaged({ subject: `object ${id}`, location: this.fileOf(id) }, { cause: error });
    }
  }

  /**
   * Stores objects and waits until all of them are on disk under their names.
   * @returns the number of files that are new
   */
  async write(objects: Iterable<NamedObject>): Promise<number> {
    const fanOuts = new Set<string>();
    let added = 0;
    await forEachConcurrently(objects, PARALLEL_FILES, async (object) => {
      fanOuts.add(fanOutOf(object.id));
      this.writtenMeanwhile?.add(object.id);
      if (object.type === 'blob' && (await this.freshen(object.id))) return;
      await this.create(object);
      added++;
    });
    await forEachConcurrently(fanOuts, PARALLEL_FILES, (fanOut) => this.syncFanOut(fanOut));
    return added;
  }

  /**
   * Stores objects in a repository that nobody sees yet, and waits until they are on disk; the names of their folders are not. What a
   * crash leaves of them is never read.
   */
  async fill(objects: readonly NamedObject[]): Promise<void> {
    const files: StoredObject[] = [];
    for (const object of objects) files.push({ id: object.id, bytes: await looseBytes(object) });
    this.place(files);
    const fanOuts = new Set(files.map(({ id }) => fanOutOf(id)));
    await forEachConcurrently(files, PARALLEL_FILES, ({ id }) => syncFile(this.fileOf(id)));
    await forEachConcurrently(fanOuts, PARALLEL_FILES, (fanOut) => syncFolder(join(this.folder, fanOut)));
  }

  /** Stores objects durably once more, whatever is in their files. */
  async rewrite(objects: readonly NamedObject[]): Promise<void> {
    await forEachConcurrently(objects, PARALLEL_FILES, (object) => this.create(object));
    const fanOuts = new Set(objects.map(({ id }) => fanOutOf(id)));
    await forEachConcurrently(fanOuts, PARALLEL_FILES, (fanOut) => this.syncFanOut(fanOut));
  }

  /**
   * Puts objects that are durable elsewhere into their files, without waiting for the disk. All or none.
   * @returns the number of files that are new
   */
  place(files: readonly StoredObject[]): number {
    const created: string[] = [];
    try {
      for (const { id, bytes } of files) {
        this.writtenMeanwhile?.add(id);
        const file = this.fileOf(id);
        if (freshenSync(file)) continue;
        if (placeFile(file, bytes)) created.push(file);
      }
    } catch (error) {
      for (const file of created) removeIfPresent(file);
      throw error;
    }
    return created.length;
  }

  /** Removes the files of objects that are packed. */
  async remove(ids: Iterable<ObjectId>): Promise<void> {
    let removed = 0;
    for (const id of ids) {
      removeIfPresent(this.fileOf(id));
      if (++removed % REMOVALS_PER_TURN === 0) await nextTurn();
    }
  }

  /** The number of loose objects, read from the folders. */
  async count(): Promise<number> {
    const fanOuts = (await readdir(this.folder)).filter((name) => name.length === 2);
    let count = 0;
    await forEachConcurrently(fanOuts, PARALLEL_FILES, async (fanOut) => {
      const files = await readdir(join(this.folder, fanOut)).catch(() => []);
      count += files.length;
    });
    return count;
  }

  /**
   * Deletes objects that nothing refers to, unless they are young or were written while they were being collected.
   * @param collect finds the unused objects
   * @param writtenBefore the youngest date of a file that may go
   * @returns the number of deleted objects
   */
  async removeUnused(collect: () => Promise<readonly ObjectId[]>, writtenBefore: Date): Promise<number> {
    const written = new Set<ObjectId>();
    this.writtenMeanwhile = written;
    try {
      const unused = await collect();
      let removed = 0;
      for (const id of unused) {
        // Not interrupted between the question and the deletion: a writer announces an object before it touches it.
        if (!written.has(id) && removeIfOlder(this.fileOf(id), writtenBefore)) removed++;
        if (removed % REMOVALS_PER_TURN === 0) await nextTurn();
      }
      return removed;
    } finally {
      this.writtenMeanwhile = undefined;
    }
  }

  /**
   * A new date keeps pruning away from an object that nothing refers to yet. Whoever wrote the file may not have waited
   * for the disk. False when there is no such file.
   */
  private async freshen(id: ObjectId): Promise<boolean> {
    const now = new Date();
    try {
      await utimes(this.fileOf(id), now, now);
      await syncFile(this.fileOf(id));
      return true;
    } catch {
      // Missing, of another owner or not on the disk: writing it again is right in all cases.
      return false;
    }
  }

  private async create(object: NamedObject): Promise<void> {
    const bytes = await looseBytes(object);
    const temporary = join(this.folder, `tmp_obj_${TEMPORARY_PREFIX}${temporaries++}`);
    try {
      await createSynced(temporary, bytes, OBJECT_MODE);
      await this.moveIntoPlace(temporary, object.id);
    } catch (error) {
      await unlink(temporary).catch(() => undefined);
      throw error;
    }
  }

  /** Packing removes fan-out folders that it finds empty, even when one was created only to be filled now. */
  private async moveIntoPlace(temporary: string, id: ObjectId): Promise<void> {
    const fanOut = fanOutOf(id);
    for (let attempt = 1; ; attempt++) {
      await this.ensureFanOut(fanOut);
      try {
        await rename(temporary, this.fileOf(id));
        return;
      } catch (error) {
        if (errorCode(error) !== 'ENOENT' || attempt === PLACE_ATTEMPTS) throw error;
        this.durableFolders.delete(fanOut);
      }
    }
  }

  /** Without its folder, an object was packed already, and packs are durable before loose objects go. */
  private async syncFanOut(fanOut: string): Promise<void> {
    await this.ensureFanOut(fanOut);
    await syncFolder(join(this.folder, fanOut)).catch(ignoreMissing);
  }

  private async ensureFanOut(fanOut: string): Promise<void> {
    let durable = this.durableFolders.get(fanOut);
    if (durable === undefined) {
      durable = this.createFanOut(fanOut);
      this.durableFolders.set(fanOut, durable);
      durable.catch(() => this.durableFolders.delete(fanOut));
    }
    await durable;
  }

  private async createFanOut(fanOut: string): Promise<void> {
    await mkdir(join(this.folder, fanOut), { recursive: true });
    await syncFolder(this.folder);
  }

  private fileOf(id: ObjectId): string {
    return `${this.folder}/${fanOutOf(id)}/${id.slice(2)}`;
  }
}

/** What the file of an object holds. */
export async function looseBytes({ header, body }: NamedObject): Promise<Buffer> {
  return await compress(Buffer.concat([header, body]));
}

/** @throws Error when the bytes are damaged */
export async function objectIn(bytes: Buffer): Promise<GitObject> {
  return splitHeader(await decompress(bytes));
}

/**
 * @returns false when the file is there, of another owner. It stays: older commits may need it, and it is not taken for
 * unused any more once it was announced.
 */
function placeFile(file: string, bytes: Buffer): boolean {
  for (let attempt = 1; ; attempt++) {
    try {
      createFile(file, bytes, OBJECT_MODE);
      return true;
    } catch (error) {
      if (errorCode(error) === 'EEXIST') return false;
      if (errorCode(error) !== 'ENOENT' || attempt === PLACE_ATTEMPTS) throw error;
      mkdirSync(dirname(file), { recursive: true });
    }
  }
}

/** As {@link LooseObjects.freshen}, without leaving the turn. */
function freshenSync(file: string): boolean {
  if (statSync(file, { throwIfNoEntry: false }) === undefined) return false;
  const now = new Date();
  try {
    utimesSync(file, now, now);
    return true;
  } catch {
    return false;
  }
}

function removeIfPresent(file: string): void {
  try {
    unlinkSync(file);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}

function removeIfOlder(file: string, writtenBefore: Date): boolean {
  try {
    if (statSync(file).mtime >= writtenBefore) return false;
    unlinkSync(file);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

function fanOutOf(id: ObjectId): string {
  return id.slice(0, 2);
}

/** @throws Error when the header is wrong or does not fit the body */
function splitHeader(bytes: Buffer): GitObject {
  const end = bytes.indexOf(0);
  const [type = '', size = ''] = bytes.toString('latin1', 0, Math.max(end, 0)).split(' ');
  const body = bytes.subarray(end + 1);
  if (!isObjectType(type) || Number(size) !== body.length) throw new Error('Its header does not fit its content');
  return { type, body };
}
