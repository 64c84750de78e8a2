import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ignoreMissing, replaceSynced } from './durable-files';

/** Name of the file. */
export const BRANCH_LIST = 'keptn-branches';

/**
 * The names of the branches of a repository, in a file of the store's own. Nothing that Git keeps says that a name in packed-refs,
 * which any git command may write, is damaged: the file has no checksum.
 */
export class BranchList {
  private writing: Promise<void> = Promise.resolve();

  private constructor(
    private readonly file: string,
    private names: readonly string[],
  ) {}

  /** The list as it was recorded last; empty when there is none that can be trusted. */
  static async load(repositoryFolder: string): Promise<BranchList> {
    const file = join(repositoryFolder, BRANCH_LIST);
    const [checksum, ...names] = ((await readFile(file, 'utf8').catch(ignoreMissing)) ?? '').split('\n').slice(0, -1);
    return new BranchList(file, checksum === checksumOf(names) ? names : []);
  }

  /**
   * Those that were there, are not among `present`, and whose reference Git has under a name that nobody gave: one character is
   * another. Any other that is gone was removed by somebody.
   * @param references full names of what Git's packed-refs holds, such as refs/heads/dev
   */
  misnamed(present: ReadonlyMap<string, unknown>, references: Iterable<string>): readonly string[] {
    const known = new Set(this.names.map(referenceOf));
    const unknown = [...references].filter((reference) => !known.has(reference));
    const isMisnamed = (name: string) =>
      unknown.some((reference) => differInOneCharacter(reference, referenceOf(name)));
    return this.names.filter((name) => !present.has(name) && isMisnamed(name));
  }

  /**
   * Resolves when the names are on disk. Branches may come and go side by side, so they are written one after another.
   * @param branches as they are when it is their turn
   */
  record(branches: () => Iterable<string>): Promise<void> {
    const writing = this.writing.then(() => this.write([...branches()].sort()));
    this.writing = writing.catch(() => undefined);
    return writing;
  }

  /** For where nothing depends on it: the next start or change of branches records them again. */
  async recordIfPossible(branches: () => Iterable<string>): Promise<void> {
    await this.record(branches).catch(() => undefined);
  }

  private async write(names: readonly string[]): Promise<void> {
    if (names.join('\n') === this.names.join('\n')) return;
    await replaceSynced(this.file, `${this.file}.lock`, [checksumOf(names), ...names, ''].join('\n'));
    this.names = names;
  }
}

const referenceOf = (branch: string): string => `refs/heads/${branch}`;

function differInOneCharacter(one: string, other: string): boolean {
  if (one.length !== other.length) return false;
  let differences = 0;
  for (let index = 0; index < one.length; index++) {
    if (one[index] !== other[index]) differences++;
  }
  return differences === 1;
}

const checksumOf = (names: readonly string[]): string => createHash('sha256').update(names.join('\n')).digest('hex');
