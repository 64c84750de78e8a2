import { randomBytes } from 'node:crypto';
import { renameSync, statSync, unlinkSync } from 'node:fs';
import { readdir, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { forEachConcurrently, PARALLEL_FILES } from './bounded-concurrency';
import { createFile, createSynced, ignoreMissing, syncFile, syncFolder } from './durable-files';
import { type StoredObject } from './git-object';
import { packFile, packName } from './pack-file';

interface NewFile {
  readonly bytes: Buffer;
  readonly temporary: string;
  readonly path: string;
}

const MODE = 0o444;
const INDEX = '.idx';
/** Git looks for packs by their indexes, so the index comes last. */
const ENDINGS = ['.pack', INDEX] as const;
/** Of the packs that a start makes of those of many groups. */
const LARGE_PACK_BYTES = 8 * 1024 * 1024;
/** Tells temporary files apart; leftovers of a killed process are removed by their `tmp_`. */
const TEMPORARY_PREFIX = `tmp_${randomBytes(8).toString('hex')}_`;
let temporaries = 0;

/** The packs of one repository that a group of commits became, until Git packs them with others. */
export class GroupPacks {
  /** Names of those that may not be on the disk yet. */
  private readonly unsynced = new Set<string>();

  /** @param folder `objects/pack` of a repository */
  constructor(private readonly folder: string) {}

  /** Makes a pack of entries that are durable elsewhere, without waiting for the disk. All or nothing. */
  place(entries: readonly StoredObject[]): void {
    const { name, files } = this.filesOf(entries);
    try {
      for (const { temporary, bytes } of files) createFile(temporary, bytes, MODE);
      for (const { temporary, path } of files) renameSync(temporary, path);
    } catch (error) {
      discard(files);
      throw error;
    }
    this.unsynced.add(name);
  }

  /** Makes the entries of groups durable once more, in fewer packs, which take the place of theirs, whatever is left of those. */
  async restore(groups: readonly (readonly StoredObject[])[]): Promise<void> {
    if (groups.length === 0) return;
    const names = new Set<string>();
    for (const entries of inLargePacks(groups)) names.add(await this.write(entries));
    await syncFolder(this.folder);
    for (const name of groups.map(packName).filter((each) => !names.has(each))) {
      for (const ending of ENDINGS.toReversed()) await unlink(join(this.folder, name + ending)).catch(ignoreMissing);
    }
    await syncFolder(this.folder);
  }

  /** Of those that may not be on the disk yet. */
  unsyncedNames(): readonly string[] {
    return [...this.unsynced];
  }

  /** Waits until those that are still there are on the disk. */
  async sync(names: readonly string[]): Promise<void> {
    if (names.length === 0) return;
    await forEachConcurrently(names, PARALLEL_FILES, async (name) => {
      for (const ending of ENDINGS) await syncFile(join(this.folder, name + ending)).catch(ignoreMissing);
    });
    await syncFolder(this.folder);
    for (const name of names) this.unsynced.delete(name);
  }

  /** How many packs Git looks into, whoever made them. */
  async count(): Promise<number> {
    return (await readdir(this.folder)).filter((name) => name.endsWith(INDEX)).length;
  }

  private async write(entries: readonly StoredObject[]): Promise<string> {
    const { name, files } = this.filesOf(entries);
    try {
      for (const { temporary, bytes } of files) await createSynced(temporary, bytes, MODE);
      for (const { temporary, path } of files) await rename(temporary, path);
    } catch (error) {
      discard(files);
      throw error;
    }
    return name;
  }

  private filesOf(entries: readonly StoredObject[]): { name: string; files: readonly NewFile[] } {
    const { name, pack, index } = packFile(entries);
    const files = [pack, index].map((bytes, position) => ({
      bytes,
      temporary: join(this.folder, `${TEMPORARY_PREFIX}${temporaries++}`),
      path: join(this.folder, name + (ENDINGS[position] ?? '')),
    }));
    return { name, files };
  }
}

/** Each object once, in packs of a size that fits into memory several times. */
function* inLargePacks(groups: readonly (readonly StoredObject[])[]): Generator<readonly StoredObject[]> {
  let entries: StoredObject[] = [];
  let bytes = 0;
  for (const entry of new Map(groups.flat().map((each) => [each.id, each])).values()) {
    entries.push(entry);
    bytes += entry.bytes.length;
    if (bytes < LARGE_PACK_BYTES) continue;
    yield entries;
    [entries, bytes] = [[], 0];
  }
  if (entries.length > 0) yield entries;
}

/** Removes what there is of a pack that could not be made; the next start removes temporary files that stay. */
function discard(files: readonly NewFile[]): void {
  const isFound = files.some(({ path }) => path.endsWith(INDEX) && isFile(path));
  for (const { temporary, path } of files) {
    removeIfPossible(temporary);
    if (!isFound && !path.endsWith(INDEX)) removeIfPossible(path);
  }
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true;

function removeIfPossible(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Not there, or on a disk that takes no changes.
  }
}
