import { type Snapshot } from '@keptn/git-store';
import { LRUCache } from 'lru-cache';

/** Short lists cost mostly their entry. */
const MAX_LISTS = 1_000;
/** Paths that are kept in memory together; at about 100 bytes each some 20 MB. */
const MAX_PATHS = 200_000;

/**
 * The paths below a folder at a commit. Clients page through a list with offsets, and every page needs the number of
 * all; a commit never changes, so its list is made once.
 */
export class ResourceListings {
  private readonly lists = new LRUCache<string, readonly string[]>({
    max: MAX_LISTS,
    maxSize: MAX_PATHS,
    sizeCalculation: ({ length }) => length + 1,
  });

  /** @param folder '' for everything; the paths are relative to it */
  async of(snapshot: Snapshot, folder: string): Promise<readonly string[]> {
    // The repository need not be part of the key: the id of a commit stands for its whole content.
    const key = `${snapshot.commit.id}:${folder}`;
    const known = this.lists.get(key);
    if (known !== undefined) {
      return known;
    }
    const skipped = folder === '' ? 0 : folder.length + 1;
    const paths = (await snapshot.list(folder)).map(({ path }) => path.slice(skipped));
    this.lists.set(key, paths);
    return paths;
  }
}
