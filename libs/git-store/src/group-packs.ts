import { randomBytes } from 'node:crypto';
import { renameSync, unlinkSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { createFile, createSynced, errorCode, syncFile, syncFolder } from './durable-files';
import { type StoredObject } from './git-object';
import { packFile } from './pack-file';

interface NewFile {
  readonly bytes: Buffer;
  readonly temporary: string;
  readonly path: string;
}

const MODE = 0o444;
/** Git looks for packs by their indexes, so the index comes last. */
const ENDINGS = ['.pack', '.idx'] as const;
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
      for (const { temporary } of files) removeIfPossible(temporary);
      throw error;
    }
    this.unsynced.add(name);
  }

  /** Makes the same pack once more, durably, whatever is in its files. */
  async rewrite(entries: readonly StoredObject[]): Promise<void> {
    const { name, files } = this.filesOf(entries);
    for (const { temporary, bytes } of files) await createSynced(temporary, bytes, MODE);
    for (const { temporary, path } of files) await rename(temporary, path);
    await syncFolder(this.folder);
    this.unsynced.delete(name);
  }

  /** Of those that may not be on the disk yet. */
  unsyncedNames(): readonly string[] {
    return [...this.unsynced];
  }

  /** Waits until those that are still there are on the disk. */
  async sync(names: readonly string[]): Promise<void> {
    if (names.length === 0) return;
    for (const name of names) {
      for (const ending of ENDINGS) await syncFile(join(this.folder, name + ending)).catch(ignoreMissing);
      this.unsynced.delete(name);
    }
    await syncFolder(this.folder);
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

function removeIfPossible(file: string): void {
  try {
    unlinkSync(file);
  } catch {
    // The next start removes it.
  }
}

function ignoreMissing(error: unknown): void {
  if (errorCode(error) !== 'ENOENT') throw error;
}
