import { InvalidName, InvalidPath } from './git-store.errors';
import { toByteName } from './tree';

/** Leaves room for suffixes such as `.git` and `.lock` within the 255 bytes of a file name. */
const MAX_NAME_LENGTH = 200;
/** Bytes; a clone has to fit below a folder of somebody's machine within the 4,096 of PATH_MAX. */
const MAX_PATH_BYTES = 1_024;
/** Bytes; NAME_MAX of the usual file systems. */
const MAX_SEGMENT_BYTES = 255;

/** Names that hold on every file system, in every shell and in Git's reference rules. */
const PLAIN_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** Code points that HFS+ ignores when it compares names; Git's utf8.c has the same list. */
const IGNORED_BY_HFS = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;
/** Names whose content changes what Git does with a clone, or that `git fsck` looks into. */
const RESERVED_BY_GIT = new Set(['.git', '.gitmodules', '.gitattributes']);
/** Short names that NTFS gives to those files (`git~1`, `gitmod~1`, `gi7eba~1`). */
const NTFS_SHORT_NAME = /^gi[a-z0-9]{0,4}~[0-9]+$/;

/** @throws InvalidName */
export function checkRepositoryName(name: string): string {
  return checkName('repository', name);
}

/** @throws InvalidName also for `HEAD` and for names that look like an object id */
export function checkBranchName(name: string): string {
  checkName('branch', name);
  if (name === 'HEAD' || /^[0-9a-f]{40}$/i.test(name)) {
    throw new InvalidName(`The branch name ${name} means something else to Git: choose another`);
  }
  return name;
}

/** Whether {@link checkBranchName} accepts a name. */
export function isBranchName(name: string): boolean {
  try {
    checkBranchName(name);
    return true;
  } catch (error) {
    if (error instanceof InvalidName) return false;
    throw error;
  }
}

function checkName(kind: string, name: string): string {
  const valid = PLAIN_NAME.test(name) && !name.includes('..') && !/(\.|\.git|\.lock)$/i.test(name);
  if (!valid || name.length > MAX_NAME_LENGTH) {
    throw new InvalidName(
      `The ${kind} name ${shorten(name)} is invalid: it starts with a letter or digit, goes on with letters, digits, ` +
        `dots, hyphens and underscores, has no two dots in a row, does not end in a dot, .git or .lock, and has at ` +
        `most ${MAX_NAME_LENGTH} characters`,
    );
  }
  return name;
}

/**
 * Splits a path below the root of a repository into Git's byte names.
 * @throws InvalidPath
 */
export function splitPath(path: string): string[] {
  const reason = whyPathIsInvalid(path);
  if (reason !== undefined) throw new InvalidPath(`The path ${shorten(path)} is invalid: ${reason}`);
  return path.split('/').map(toByteName);
}

/** As {@link splitPath}, with the empty path for the root. */
export function splitFolder(folder: string): string[] {
  return folder === '' ? [] : splitPath(folder);
}

function whyPathIsInvalid(path: string): string | undefined {
  if (path === '') return 'it is empty';
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) return `it is longer than ${MAX_PATH_BYTES} bytes`;
  if (/\p{Cc}|\p{Surrogate}|[\u2028\u2029]/u.test(path)) return 'it holds a control character or half of a character';
  if (path.includes('\\')) return 'it holds a backslash';
  if (path.startsWith('-')) return 'it starts with a hyphen, like an option';
  for (const segment of path.split('/')) {
    const reason = whySegmentIsInvalid(segment);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function whySegmentIsInvalid(segment: string): string | undefined {
  if (segment === '') return 'it has an empty segment (a slash at its start or end, or two in a row)';
  if (segment === '.' || segment === '..') return 'it has a segment of dots only';
  if (Buffer.byteLength(segment) > MAX_SEGMENT_BYTES) return `a segment is longer than ${MAX_SEGMENT_BYTES} bytes`;
  const folded = foldLikeFileSystems(segment);
  if (folded === '' || folded === '.' || folded === '..') return 'a segment looks like dots to some file systems';
  if (RESERVED_BY_GIT.has(folded) || NTFS_SHORT_NAME.test(folded)) return `${shorten(segment)} is reserved by Git`;
  return undefined;
}

/** What is left of a name on file systems that fold case and width, ignore code points, or cut `:stream` and dots. */
function foldLikeFileSystems(segment: string): string {
  const folded = segment.replace(IGNORED_BY_HFS, '').normalize('NFKC').replace(IGNORED_BY_HFS, '').toLowerCase();
  const withoutStream = folded.split(':', 1)[0] ?? '';
  return withoutStream.replace(/[ .]+$/, '');
}

function shorten(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}
