import { splitFolder } from './names';
import { type ObjectDatabase } from './object-database';
import { type ObjectId } from './object-id';
import { type Tree, type TreeEntry, fromByteName, isFile, isFolder } from './tree';

export interface ListedFile {
  /** From the root of the repository; as text, so that {@link blob} says better which file it is. */
  readonly path: string;
  readonly blob: ObjectId;
}

type Entry = readonly [name: string, entry: TreeEntry];

/**
 * The files below a folder, by name in each folder, a folder's files in the place of its name. Git's own order differs only where a name
 * goes on with a character before the slash (`a.txt` and `a/`). Links and submodules are left out.
 * @param folder '' for the whole tree
 * @throws InvalidPath
 */
export async function listFiles(database: ObjectDatabase, root: ObjectId, folder: string): Promise<ListedFile[]> {
  const files: ListedFile[] = [];
  const path = splitFolder(folder);
  let tree: Tree | undefined = await database.readTree(root);
  for (const name of path) {
    const entry: TreeEntry | undefined = tree?.get(name);
    tree = entry !== undefined && isFolder(entry) ? await database.readTree(entry.id) : undefined;
  }
  if (tree !== undefined) await collect(database, tree, path, files);
  return files;
}

async function collect(
  database: ObjectDatabase,
  tree: Tree,
  path: readonly string[],
  files: ListedFile[],
): Promise<void> {
  for (const [name, entry] of inWalkOrder(tree)) {
    const below = [...path, name];
    if (isFolder(entry)) await collect(database, await database.readTree(entry.id), below, files);
    else if (isFile(entry)) files.push({ path: below.map(fromByteName).join('/'), blob: entry.id });
  }
}

const inWalkOrder = (tree: Tree): Entry[] => [...tree].sort(([a], [b]) => (a < b ? -1 : 1));
