import { createHash } from 'node:crypto';
import { readFile, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createSynced, errorCode, renameSynced } from './durable-files';

/** Name of the file. */
export const BRANCH_LIST = 'keptn-branches';

/**
 * The names of the branches of a repository, in a file of the store's own. Nothing that Git keeps says that a branch is missing:
 * packed-refs, which any git command may write, has no checksum, and a damaged name in it is a name.
 */
export class BranchList {
  private constructor(
    private readonly file: string,
    private names: readonly string[],
  ) {}

  /** The list as it was recorded last; empty when there is none that can be trusted. */
  static async load(repositoryFolder: string): Promise<BranchList> {
    const file = join(repositoryFolder, BRANCH_LIST);
    const [checksum, ...names] = (await readFile(file, 'utf8').catch(ignoreMissing)).split('\n').slice(0, -1);
    return new BranchList(file, checksum === checksumOf(names) ? names : []);
  }

  /** Those that were there and are not among `present`. */
  missing(present: ReadonlyMap<string, unknown>): readonly string[] {
    return this.names.filter((name) => !present.has(name));
  }

  /** Resolves when exactly these names are on disk. */
  async record(branches: Iterable<string>): Promise<void> {
    const names = [...branches].sort();
    if (names.join('\n') === this.names.join('\n')) return;
    const next = `${this.file}.lock`;
    await unlink(next).catch(ignoreMissing);
    await createSynced(next, [checksumOf(names), ...names, ''].join('\n'));
    await renameSynced(next, this.file, dirname(this.file));
    this.names = names;
  }
}

const checksumOf = (names: readonly string[]): string => createHash('sha256').update(names.join('\n')).digest('hex');

function ignoreMissing(error: unknown): string {
  if (errorCode(error) !== 'ENOENT') throw error;
  return '';
}
