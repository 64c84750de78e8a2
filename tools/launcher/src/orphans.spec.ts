import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataFolder } from './data-folder';
import { afterOrphans } from './orphans';

const IS_TAKEN = new Error('the port is taken');

describe('a launcher whose port is taken', () => {
  let folder: string;
  let attempts: number;
  let other: ChildProcess | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keptn-orphans-'));
    attempts = 0;
  });

  afterEach(async () => {
    other?.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });

  /** Starts a program that does nothing, and resolves with its process as soon as it runs. */
  const run = async (file: string): Promise<number> => {
    await mkdir(join(folder, file, '..'), { recursive: true });
    await writeFile(join(folder, file), "process.stdout.write('x'); setInterval(() => undefined, 60_000);");
    other = spawn(process.execPath, [file], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
    await once(other.stdout as NodeJS.ReadableStream, 'data');
    return other.pid ?? 0;
  };

  const remembered = (...pids: number[]): Promise<void> => writeFile(join(folder, 'processes'), pids.join('\n'));

  /** @param freeAfter attempts that fail */
  const attempt = (freeAfter: number) => (): Promise<void> => {
    attempts++;
    return attempts <= freeAfter ? Promise.reject(IS_TAKEN) : Promise.resolve();
  };

  it.each(['tools/start.mjs', 'dist/tools/launcher/main.js'])(
    'says so at once while the one before it, started by %s, still runs',
    async (file) => {
      await remembered(await run(file), process.pid);
      await expect(afterOrphans(await DataFolder.open(folder), attempt(Infinity))).rejects.toBe(IS_TAKEN);
      expect(attempts).toBe(1);
    },
  );

  it('tries again when the one before it was killed', async () => {
    await remembered(await run('tools/start.mjs'));
    other?.kill('SIGKILL');
    await once(other as ChildProcess, 'exit');
    await afterOrphans(await DataFolder.open(folder), attempt(2));
    expect(attempts).toBe(3);
  });
});
