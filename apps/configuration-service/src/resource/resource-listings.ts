import { type Snapshot } from '@keptn/git-store';

/** Paths that are kept in memory together; at about 100 bytes each some 20 MB. */
const MAX_KEPT_PATHS = 200_000;

/**
 * The paths below a folder at a commit. Clients page through a list with offsets, and every page needs the number of
 * all; a commit never changes, so its list is made once. The lists that were used last are kept.
 */
export class ResourceListings {
  /** Least recently used first. */
  private readonly kept = new Map<string, readonly string[]>();
  private keptPaths = 0;

  /** @param folder '' for everything; the paths are relative to it */
  async of(snapshot: Snapshot, folder: string): Promise<readonly string[]> {
    // Repositories need not be told apart: a commit's id stands for its whole content.
    const key = `${snapshot.commit.id}:${folder}`;
    const known = this.kept.get(key);
    if (known !== undefined) {
      this.kept.delete(key);
      this.kept.set(key, known);
      return known;
    }
    const { files } = await snapshot.list({ folder, limit: Infinity });
    const skipped = folder === '' ? 0 : folder.length + 1;
    const paths = files.map(({ path }) => path.slice(skipped));
    this.keep(key, paths);
    return paths;
  }

  private keep(key: string, paths: readonly string[]): void {
    if (this.kept.has(key)) {
      return;
    }
    this.kept.set(key, paths);
    this.keptPaths += paths.length;
    for (const [oldest, old] of this.kept) {
      if (this.keptPaths <= MAX_KEPT_PATHS && this.kept.size <= MAX_KEPT_LISTS) {
        return;
      }
      this.kept.delete(oldest);
      this.keptPaths -= old.length;
    }
  }
}

/** Short lists cost mostly their entry. */
const MAX_KEPT_LISTS = 1_000;
