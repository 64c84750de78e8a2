import { type Change } from './changes';
import { type NamedObject, nameObject } from './git-object';
import { IsADirectory, PathConflict } from './git-store.errors';
import { splitPath } from './names';
import { type ObjectDatabase } from './object-database';
import { type ObjectId } from './object-id';
import { FILE_MODE, FOLDER_MODE, type TreeEntry, fromByteName, isFile, isFolder } from './tree';
import { nameTree } from './tree-object';

/** A folder whose entries were loaded because something in it may change. */
interface OpenFolder {
  /** Its tree before the changes; absent for a new folder. */
  readonly original?: ObjectId;
  readonly entries: Map<string, TreeEntry | OpenFolder>;
}

export interface EditedTree {
  readonly tree: ObjectId;
  /** New blobs and trees; everything else that `tree` needs is in the repository already. */
  readonly objects: ReadonlyMap<ObjectId, NamedObject>;
}

/**
 * Applies changes to a tree. Only the folders on the way to a change are loaded and rewritten.
 * @param root undefined for an empty tree
 * @throws InvalidPath, PathConflict, IsADirectory
 */
export async function editTree(
  database: ObjectDatabase,
  root: ObjectId | undefined,
  changes: Iterable<Change>,
): Promise<EditedTree> {
  const editor = new TreeEditor(database, await openTree(database, root));
  for (const change of changes) await editor.apply(change);
  return editor.finish();
}

class TreeEditor {
  private readonly objects = new Map<ObjectId, NamedObject>();

  constructor(
    private readonly database: ObjectDatabase,
    private readonly root: OpenFolder,
  ) {}

  async apply(change: Change): Promise<void> {
    if ('folder' in change) await this.deleteFolder(change.folder);
    else if ('content' in change) await this.put(change.path, change.content);
    else await this.deleteFile(change.path);
  }

  finish(): EditedTree {
    return { tree: this.close(this.root), objects: this.objects };
  }

  private async put(path: string, content: Buffer): Promise<void> {
    const { segments, name } = parse(path);
    const parent = await this.openFolder(segments, true);
    if (parent === undefined) throw new PathConflict(path, `a file in ${path}`);
    const present = parent.entries.get(name);
    if (present !== undefined && (isOpen(present) || isFolder(present))) {
      throw new PathConflict(path, `the folder ${path}`);
    }
    const blob = nameObject('blob', content);
    if (present?.id !== blob.id) this.objects.set(blob.id, blob);
    // A file stays executable; links and submodules of a foreign repository become plain files.
    parent.entries.set(name, {
      mode: present !== undefined && isFile(present) ? present.mode : FILE_MODE,
      id: blob.id,
    });
  }

  private async deleteFile(path: string): Promise<void> {
    const { segments, name } = parse(path);
    const parent = await this.openFolder(segments, false);
    const present = parent?.entries.get(name);
    if (present === undefined) return;
    if (isOpen(present) || isFolder(present)) throw new IsADirectory(path);
    parent?.entries.delete(name);
  }

  private async deleteFolder(folder: string): Promise<void> {
    const { segments, name } = parse(folder);
    const parent = await this.openFolder(segments, false);
    const present = parent?.entries.get(name);
    if (present === undefined) return;
    if (!isOpen(present) && !isFolder(present)) throw new PathConflict(folder, `the file ${folder}`);
    parent?.entries.delete(name);
  }

  /**
   * @returns undefined when the folder does not exist and is not to be created
   * @throws PathConflict when a file is in the way of a folder that is to be created
   */
  private async openFolder(segments: readonly string[], create: boolean): Promise<OpenFolder | undefined> {
    let current = this.root;
    for (const [depth, segment] of segments.entries()) {
      const present = current.entries.get(segment);
      if (present !== undefined && !isOpen(present) && !isFolder(present)) {
        if (!create) return undefined;
        const obstacle = segments
          .slice(0, depth + 1)
          .map(fromByteName)
          .join('/');
        throw new PathConflict(segments.map(fromByteName).join('/'), `the file ${obstacle}`);
      }
      if (present === undefined && !create) return undefined;
      current = await this.open(current, segment, present);
    }
    return current;
  }

  private async open(
    parent: OpenFolder,
    name: string,
    present: TreeEntry | OpenFolder | undefined,
  ): Promise<OpenFolder> {
    if (present !== undefined && isOpen(present)) return present;
    const opened = await openTree(this.database, present?.id);
    parent.entries.set(name, opened);
    return opened;
  }

  /** Turns a folder into a tree object, its subfolders first. Git knows no empty folders. */
  private close(folder: OpenFolder): ObjectId {
    const entries: [string, TreeEntry][] = [];
    for (const [name, entry] of folder.entries) {
      if (!isOpen(entry)) {
        entries.push([name, entry]);
        continue;
      }
      const id = this.close(entry);
      if (id !== EMPTY_TREE.id) entries.push([name, { mode: FOLDER_MODE, id }]);
    }
    const tree = nameTree(entries);
    if (tree.id !== folder.original) this.objects.set(tree.id, tree);
    return tree.id;
  }
}

async function openTree(database: ObjectDatabase, tree: ObjectId | undefined): Promise<OpenFolder> {
  return tree === undefined
    ? { entries: new Map() }
    : { original: tree, entries: new Map(await database.readTree(tree)) };
}

const EMPTY_TREE = nameTree([]);

function isOpen(entry: TreeEntry | OpenFolder): entry is OpenFolder {
  return 'entries' in entry;
}

function parse(path: string): { segments: string[]; name: string } {
  const segments = splitPath(path);
  const name = segments.pop() ?? '';
  return { segments, name };
}
