import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it. `recursive` of Node 20's `mkdir` never returns where none can be made, e.g. below /proc.
 *
 * @param mode of the folders that are made
 * @throws Error of the system call when one cannot be made
 */
export function makeFolder(folder: string, mode = 0o777): void {
  try {
    mkdirSync(folder, { mode });
  } catch (error) {
    if (isCode(error, 'EEXIST') && statSync(folder).isDirectory()) {
      return;
    }
    if (!isCode(error, 'ENOENT') || dirname(folder) === folder) {
      throw error;
    }
    makeFolder(dirname(folder), mode);
    mkdirSync(folder, { mode });
  }
}

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
