/** Folders with little space, and bytes that change: real file systems, real limits. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';

/** How long the end of killed processes may take, in milliseconds. */
const REMOUNT_MS = 10_000;
const REMOUNT_PAUSE_MS = 50;

/** @param {string} command @param {string[]} args */
export function run(command, args) {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${error?.message ?? stderr}`);
}

/** @returns {boolean} whether this process may mount file systems of its own */
export const canMount = () =>
  process.platform === 'linux' &&
  process.getuid?.() === 0 &&
  spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir()]).status === 0;

/** A temporary folder, on a small file system when a size is given. */
export class Disk {
  /** @param {number} [bytes] */
  constructor(bytes) {
    this.folder = mkdtempSync(join(tmpdir(), 'keptn-faults-'));
    this.ballast = join(this.folder, 'ballast');
    this.isMounted = bytes !== undefined;
    if (bytes !== undefined) run('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', this.folder]);
  }

  /** Takes all space but so many bytes. @param {number} free */
  fill(free) {
    const { bavail, bsize } = statfsSync(this.folder);
    try {
      writeFileSync(this.ballast, Buffer.alloc(Math.max(0, bavail * bsize - free)), { flag: 'a' });
    } catch (error) {
      // Somebody else has taken a part of it meanwhile.
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
    }
  }

  /** Makes space again. */
  free() {
    rmSync(this.ballast, { force: true });
  }

  /** Waits until those that were killed have let go of their files. @param {'ro' | 'rw'} mode */
  async remount(mode) {
    const deadline = performance.now() + REMOUNT_MS;
    for (;;) {
      try {
        run('mount', ['-o', `remount,${mode}`, this.folder]);
        return;
      } catch (error) {
        if (performance.now() > deadline) throw error;
        await delay(REMOUNT_PAUSE_MS);
      }
    }
  }

  dispose() {
    if (this.isMounted) run('umount', ['--lazy', this.folder]);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/**
 * Changes one byte of one of the files whose path in the folder matches.
 *
 * @param {string} folder @param {RegExp} path @param {import('./random.mjs').Chances} chances
 * @returns {string} what was done
 */
export function flipByte(folder, path, chances) {
  const files = readdirSync(folder, { recursive: true })
    .map(String)
    .filter((file) => path.test(file) && statSync(join(folder, file)).size > 0)
    .sort();
  const name = files[chances.below(files.length)];
  if (name === undefined) return `no file ${path.source}`;
  const file = join(folder, name);
  const bytes = readFileSync(file);
  const position = chances.below(bytes.length);
  bytes[position] = (bytes[position] ?? 0) ^ (1 + chances.below(255));
  // Git's files are read-only.
  chmodSync(file, 0o600);
  writeFileSync(file, bytes);
  return `byte ${position} of the ${bytes.length} of ${name}`;
}
