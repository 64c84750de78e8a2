import fs, { readlinkSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { onTestFinished, vi } from 'vitest';

/**
 * Has `before` called with the path of each file and folder that is about to be waited for, until the test ends. What it
 * throws is what the system says.
 */
export function beforeSync(before: (path: string) => unknown): void {
  for (const method of ['fsync', 'fdatasync'] as const) {
    const original = fs[method];
    const spy = vi.spyOn(fs, method).mockImplementation((descriptor, callback) => {
      const asked = Promise.resolve(readlinkSync(`/proc/self/fd/${descriptor}`)).then(before);
      asked.then(() => {
        original(descriptor, callback);
      }, callback);
    });
    syncBuiltinESMExports();
    onTestFinished(() => {
      spy.mockRestore();
      syncBuiltinESMExports();
    });
  }
}

/** What a disk that loses a write says, once. */
export function inputOutputError(): Error {
  return Object.assign(new Error('EIO: i/o error, fsync'), { code: 'EIO' });
}
