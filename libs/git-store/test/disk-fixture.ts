import { readlinkSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { devNull } from 'node:os';
import { onTestFinished, vi } from 'vitest';

/**
 * Has `before` called with the path of each file and folder that is about to be waited for, until the test ends. What it
 * throws is what the system says.
 */
export async function beforeSync(before: (path: string) => unknown): Promise<void> {
  const handle = await open(devNull);
  const prototype = Object.getPrototypeOf(handle) as FileHandle;
  await handle.close();
  for (const method of ['sync', 'datasync'] as const) {
    const original = prototype[method];
    const spy = vi.spyOn(prototype, method).mockImplementation(async function (this: FileHandle) {
      await before(readlinkSync(`/proc/self/fd/${this.fd}`));
      await original.call(this);
    });
    onTestFinished(() => {
      spy.mockRestore();
    });
  }
}

/** What a disk that loses a write says, once. */
export function inputOutputError(): Error {
  return Object.assign(new Error('EIO: i/o error, fsync'), { code: 'EIO' });
}
