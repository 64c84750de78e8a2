import { type Commit } from './commit-object';
import { splitFolder, splitPath } from './names';
import { type ObjectDatabase } from './object-database';
import { type ObjectId } from './object-id';
import { type Tree, type TreeEntry, fromByteName, isFile, isFolder } from './tree';

export interface ListOptions {
  /** Only files below this folder; the whole tree by default. */
  readonly folder?: string;
  /** Only files after this path, which need not exist (any more). */
  readonly after?: string;
  /** Files on a page, at least 1. */
  readonly limit: number;
}

export interface ListedFile {
  /** From the root of the repository. */
  readonly path: string;
  readonly blob: ObjectId;
}

export interface FilePage {
  readonly files: readonly ListedFile[];
  /** What to pass as `after` for the next page; absent on the last one. */
  readonly next?: string;
  readonly commit: ObjectId;
}

type SortedEntries = readonly (readonly [name: string, entry: TreeEntry])[];

/**
 * The order of a walk through folders: entries of a folder by name, a folder's files in the place of its name. Git's
 * own order differs only where a name goes on with a character before the slash (`a.txt` and `a/`).
 */
const sortedEntries = new WeakMap<Tree, SortedEntries>();

/**
 * Lists files in walk order, loading only the folders that the page touches. Links and submodules are left out.
 * @throws InvalidPath
 */
export async function listFiles(
  database: ObjectDatabase,
  commit: Commit,
  { folder = '', after, limit }: ListOptions,
): Promise<FilePage> {
  const base = splitFolder(folder);
  const start = after === undefined ? undefined : splitPath(after);
  const files: ListedFile[] = [];
  const wanted = Math.max(1, limit) + 1;
  for await (const file of walk(database, commit.tree, [], base, start)) {
    if (files.push(file) === wanted) break;
  }
  const last = files.length === wanted ? files[files.length - 2] : undefined;
  if (last === undefined) return { files, commit: commit.id };
  files.pop();
  return { files, next: last.path, commit: commit.id };
}

/**
 * @param inside names still to descend before everything is listed
 * @param after segments that the file must be behind, relative to this tree; undefined: everything is
 */
async function* walk(
  database: ObjectDatabase,
  treeId: ObjectId,
  path: readonly string[],
  inside: readonly string[],
  after: readonly string[] | undefined,
): AsyncGenerator<ListedFile> {
  const [only, ...deeper] = inside;
  const tree = await database.readTree(treeId);
  const entries = only === undefined ? entriesInWalkOrder(tree) : pick(tree, only);
  for (let index = firstCandidate(entries, after); index < entries.length; index++) {
    const [name, entry] = entries[index] ?? neverReached();
    const isOnTheWay = name === after?.[0];
    const path_ = [...path, name];
    if (isFolder(entry)) {
      const rest = isOnTheWay ? after.slice(1) : undefined;
      yield* walk(database, entry.id, path_, deeper, rest);
    } else if (isFile(entry) && only === undefined && !isOnTheWay) {
      yield { path: path_.map(fromByteName).join('/'), blob: entry.id };
    }
  }
}

function pick(tree: Tree, name: string): SortedEntries {
  const entry = tree.get(name);
  return entry === undefined ? [] : [[name, entry]];
}

function entriesInWalkOrder(tree: Tree): SortedEntries {
  let entries = sortedEntries.get(tree);
  if (entries === undefined) {
    entries = [...tree].sort(([a], [b]) => (a < b ? -1 : 1));
    sortedEntries.set(tree, entries);
  }
  return entries;
}

/** Binary search for the first entry that is not before `after`. */
function firstCandidate(entries: SortedEntries, after: readonly string[] | undefined): number {
  const bound = after?.[0];
  if (bound === undefined) return 0;
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((entries[middle]?.[0] ?? '') < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}

function neverReached(): never {
  throw new RangeError('The index is within the bounds of the entries');
}
