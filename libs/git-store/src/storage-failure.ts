import { errorCode } from './durable-files';
import { GitUnusable, StorageFailed, StorageFull } from './git-store.errors';

/** Codes of the system, and what Git says for them. */
const FULL = /^(?:ENOSPC|EDQUOT|EFBIG)$|No space left on device|Out of diskspace|Disk quota exceeded|File too large/;
const FAILED = /^(?:EROFS|EIO)$|Read-only file system|Input\/output error/;

/** An error that says so when the disk is full or fails; any other one as it is. */
export function asStorageFailure(error: unknown): unknown {
  const text = error instanceof GitUnusable ? error.message : errorCode(error);
  return (text === undefined ? undefined : storageFailureIn(text, error)) ?? error;
}

/** @param text a code of the system, or what a Git command printed */
export function storageFailureIn(text: string, cause?: unknown): StorageFull | StorageFailed | undefined {
  if (FULL.test(text)) return new StorageFull({ cause });
  return FAILED.test(text) ? new StorageFailed({ cause }) : undefined;
}
