import { getSystemErrorName } from 'node:util';
import { CommandError } from '../errors';

/** What there is no room for: the disk, the quota, the largest file that the process may write. */
const NO_SPACE: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
/** The disk takes no writes, or loses them. */
const NOT_WRITABLE: ReadonlySet<string> = new Set(['EROFS', 'EIO', 'EACCES', 'EPERM', 'ENODEV', 'ENXIO', 'ESTALE']);

/** The name of the system's error, e.g. `ENOSPC`; LMDB gives its number. Undefined when it is another error. */
export function diskFailureCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  const name = typeof error.code === 'number' && error.code > 0 ? getSystemErrorName(-error.code) : String(error.code);
  return NO_SPACE.has(name) || NOT_WRITABLE.has(name) ? name : undefined;
}

/** The disk's failure in the form that clients get, without a path; other failures as they are. */
export function asCommandError(error: unknown): unknown {
  const code = diskFailureCode(error);
  if (code === undefined) return error;
  return NO_SPACE.has(code)
    ? new CommandError('OutOfDiskSpace', `no space left on the disk of the database (${code})`)
    : new CommandError('FileStreamFailed', `the disk of the database cannot be written (${code})`);
}
