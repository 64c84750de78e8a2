import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runGit } from '../git-process';
import { GitUnusable } from '../git-store.errors';

/** Bytes; larger files are hardly written by hand. */
const MAX_MERGED_BYTES = 1024 * 1024;
/** `git merge-file` ends with the number of conflicts; from here on with failures of its own. */
const FAILURES_FROM = 128;

/** A file as both sides have it, and as it was before. */
export interface ThreeVersions {
  readonly base: Buffer;
  readonly ours: Buffer;
  readonly theirs: Buffer;
}

/**
 * Merges two changes of one text by lines, as Git does.
 * @returns undefined when both changed the same lines, or the file is no text
 */
export async function mergeLines(repositoryFolder: string, versions: ThreeVersions): Promise<Buffer | undefined> {
  const contents = [versions.ours, versions.base, versions.theirs];
  if (contents.some((content) => content.length > MAX_MERGED_BYTES || content.includes(0))) return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'git-store-merge-'));
  try {
    const files = ['ours', 'base', 'theirs'].map((name) => join(folder, name));
    for (const [index, file] of files.entries()) await writeFile(file, contents[index] ?? '', { mode: 0o600 });
    return await runGit(repositoryFolder, ['merge-file', '-p', '-q', ...files]).catch((error: unknown) => {
      if (error instanceof GitUnusable && (error.exitCode ?? FAILURES_FROM) < FAILURES_FROM) return undefined;
      throw error;
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
