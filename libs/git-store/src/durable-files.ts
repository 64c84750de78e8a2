import { closeSync, fdatasync, fsync, openSync, unlinkSync, writeFile, writeSync } from 'node:fs';
import { rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { Turnstile } from './bounded-concurrency';

/**
 * File operations share the threads of libuv (4 by default). Waiting for a disk must leave one of them to those who
 * read, or every read would queue behind the writes.
 */
const threads = Number(process.env['UV_THREADPOOL_SIZE'] ?? 4) || 4;
/** Bytes; more are written in another thread, since a disk may be slow to take them. */
const WRITTEN_AT_ONCE = 256 * 1024;
const durableOperations = new Turnstile(Math.max(1, threads - 1));

/** The `code` of an error of the file system, such as `ENOENT`. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

const datasync = (descriptor: number): Promise<void> => promisify(fdatasync)(descriptor);
const sync = (descriptor: number): Promise<void> => promisify(fsync)(descriptor);

/** Runs a task with an open file, and closes it. Opening and closing take less time than the way to another thread. */
async function withFile(
  file: string,
  flags: string,
  task: (descriptor: number) => Promise<void>,
  mode?: number,
): Promise<void> {
  await durableOperations.run(async () => {
    const descriptor = openSync(file, flags, mode);
    try {
      await task(descriptor);
    } finally {
      closeSync(descriptor);
    }
  });
}

/**
 * Creates a file that must not exist yet and waits until its bytes are on disk; on failure there is none. Its name is
 * durable after {@link syncFolder}.
 */
export async function createSynced(file: string, bytes: Buffer | string, mode = 0o644): Promise<void> {
  const write = async (descriptor: number): Promise<void> => {
    try {
      if (bytes.length > WRITTEN_AT_ONCE) await promisify(writeFile)(descriptor, bytes);
      else writeWhole(descriptor, Buffer.from(bytes));
      await datasync(descriptor);
    } catch (error) {
      await unlink(file).catch(() => undefined);
      throw error;
    }
  };
  await withFile(file, 'wx', write, mode);
}

/** Adds bytes to a file, which is created when it is missing, and waits until they are on disk. */
export async function appendSynced(file: string, bytes: Buffer): Promise<void> {
  await withFile(file, 'a', async (descriptor) => {
    writeWhole(descriptor, bytes);
    await datasync(descriptor);
  });
}

/** Creates a file that must not exist yet, without waiting for the disk; on failure there is none. */
export function createFile(file: string, bytes: Buffer, mode: number): void {
  const descriptor = openSync(file, 'wx', mode);
  try {
    writeWhole(descriptor, bytes);
  } catch (error) {
    unlinkSync(file);
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

/** Waits until what a file holds is on disk. */
export async function syncFile(file: string): Promise<void> {
  await withFile(file, 'r', datasync);
}

/** Waits until the names in a folder (created, renamed, removed) are on disk. */
export async function syncFolder(folder: string): Promise<void> {
  await withFile(folder, 'r', sync);
}

/** A disk that is nearly full takes a part. */
function writeWhole(descriptor: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written);
}

/** Gives a file another content, durably. @param next where that is written first; nobody else writes there */
export async function replaceSynced(file: string, next: string, content: string): Promise<void> {
  await unlink(next).catch(ignoreMissing);
  await createSynced(next, content);
  await rename(next, file);
  await syncFolder(dirname(file));
}

/** For a file that need not be there: undefined, unless the error is another one. */
export function ignoreMissing(error: unknown): undefined {
  if (errorCode(error) !== 'ENOENT') throw error;
}
