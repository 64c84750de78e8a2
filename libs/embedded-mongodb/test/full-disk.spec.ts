import { execFile, execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Collection, MongoClient } from 'mongodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startEmbeddedMongodb, StoreFolderNotWritableError } from '../src/index';
import { buildEngineScript, type EngineScript } from './child-engine';

/** Milliseconds; a machine under load may need more than the second that is usual. */
const PATIENCE = { timeout: 20_000 };

const run = promisify(execFile);

/** Only root may mount; everybody may limit the size of files. */
const canMount = process.platform === 'linux' && process.getuid?.() === 0 && isMountable();
const canLimit = process.platform === 'linux';

/** `OutOfDiskSpace` */
const OUT_OF_DISK_SPACE = 14_031;
const DOCUMENT_TEXT = 'x'.repeat(3_000);

let base: string;
let folder: string;
let script: EngineScript;
beforeAll(async () => {
  script = await buildEngineScript();
});
afterAll(() => script.remove());
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'full-disk-'));
  folder = join(base, 'store');
});
afterEach(() => rm(base, { recursive: true, force: true }));

function isMountable(): boolean {
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir()], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Inserts until that fails. @returns how many were acknowledged, and the failure */
async function fill(things: Collection): Promise<{ readonly acknowledged: number; readonly failure: unknown }> {
  for (let n = 0; ; n++) {
    try {
      await things.insertOne({ n, text: DOCUMENT_TEXT });
    } catch (failure) {
      return { acknowledged: n, failure };
    }
  }
}

/** Serves reads and refuses writes while there is no space, and works by itself when there is again. */
async function expectRecovery(uri: string, makeSpace: () => Promise<unknown>): Promise<void> {
  const client = await MongoClient.connect(uri, { retryWrites: false });
  try {
    const things = client.db().collection('things');
    const { acknowledged, failure } = await fill(things);
    expect(acknowledged).toBeGreaterThan(0);
    expect(failure).toMatchObject({ code: OUT_OF_DISK_SPACE, message: expect.stringContaining('no space left') });
    expect(await things.countDocuments({})).toBe(acknowledged);
    await expect(
      things.insertOne({ text: DOCUMENT_TEXT }, { writeConcern: { w: 1, journal: false } }),
      'also without waiting for the disk',
    ).rejects.toMatchObject({ code: OUT_OF_DISK_SPACE });
    expect(await things.countDocuments({ n: acknowledged - 1 })).toBe(1);
    await makeSpace();
    await vi.waitFor(() => things.insertOne({ n: -1, text: DOCUMENT_TEXT }), PATIENCE);
    expect(await things.countDocuments({})).toBe(acknowledged + 1);
  } finally {
    await client.close();
  }
}

describe('a store whose disk is full', () => {
  it.runIf(canLimit)('refuses writes, serves reads and recovers, when its files may not grow', async () => {
    const child = await script.start(folder, { fileSize: 512 });
    const makeSpace = (): Promise<unknown> => run('prlimit', [`--pid=${child.process.pid ?? 0}`, '--fsize=unlimited']);
    await expectRecovery(child.uri, makeSpace);
    child.process.kill('SIGKILL');
  });

  it.runIf(canMount)('refuses writes, serves reads and recovers, when the file system has no space', async () => {
    await run('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', base]);
    const ballast = join(base, 'ballast');
    await writeFile(ballast, Buffer.alloc(1_000_000));
    const child = await script.start(folder);
    try {
      await expectRecovery(child.uri, () => rm(ballast));
    } finally {
      child.process.kill('SIGKILL');
      await run('umount', ['--lazy', base]);
    }
  });

  it.runIf(canMount)('is refused at the start, and starts when there is space, as if nothing had been', async () => {
    await run('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', base]);
    try {
      await mkdir(folder);
      for (let free = 0; free < 10; free += 3) {
        const ballast = join(base, 'ballast');
        await writeFile(ballast, Buffer.alloc(2 * 2 ** 20)).catch(() => undefined);
        execFileSync('truncate', ['--size', `-${free * 4_096}`, ballast]);
        const failure = startEmbeddedMongodb({ folder });
        await expect(failure).rejects.toThrow(StoreFolderNotWritableError);
        await expect(failure).rejects.toThrow('ENOSPC: no space left on device');
        await rm(ballast);
        await (await startEmbeddedMongodb({ folder })).close();
      }
    } finally {
      await run('umount', ['--lazy', base]);
    }
  });

  it.runIf(canMount)('is refused in one line when it is read-only', async () => {
    await run('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', base]);
    try {
      await mkdir(folder);
      await run('mount', ['-o', 'remount,ro', base]);
      await expect(startEmbeddedMongodb({ folder })).rejects.toThrow(
        /cannot be written: EROFS: read-only file system$/,
      );
    } finally {
      await run('umount', ['--lazy', base]);
    }
  });
});
