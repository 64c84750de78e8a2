import { type Commit } from './commit-object';
import { FileNotFound, IsADirectory } from './git-store.errors';
import { splitPath } from './names';
import { type ObjectDatabase } from './object-database';
import { type ObjectId } from './object-id';
import { type TreeEntry, fromByteName, isFile, isFolder } from './tree';
import { type ListedFile, listFiles } from './tree-walk';

export interface FileContent {
  readonly content: Buffer;
  /** The id of the content: the same bytes have the same id everywhere. */
  readonly blob: ObjectId;
  /** The commit that it was read at. */
  readonly commit: ObjectId;
}

/** The files of one commit; reads of the same snapshot always fit together. */
export class Snapshot {
  constructor(
    private readonly database: ObjectDatabase,
    /** The commit that is shown. */
    readonly commit: Commit,
  ) {}

  /** @throws FileNotFound, IsADirectory, InvalidPath */
  async readFile(path: string): Promise<FileContent> {
    const entry = await this.find(splitPath(path));
    if (entry !== undefined && isFolder(entry)) throw new IsADirectory(path);
    if (entry === undefined || !isFile(entry)) throw new FileNotFound(path);
    return { content: await this.database.readBlob(entry.id), blob: entry.id, commit: this.commit.id };
  }

  /**
   * The id of a file's content, without reading it; undefined when there is no such file.
   * @throws InvalidPath
   */
  async blobOf(path: string): Promise<ObjectId | undefined> {
    const entry = await this.find(splitPath(path));
    return entry !== undefined && isFile(entry) ? entry.id : undefined;
  }

  /** @throws InvalidPath */
  async hasFile(path: string): Promise<boolean> {
    return (await this.blobOf(path)) !== undefined;
  }

  /**
   * All files below a folder, the whole tree by default; nothing when the folder does not exist.
   * @throws InvalidPath
   */
  async list(folder = ''): Promise<ListedFile[]> {
    return await listFiles(this.database, this.commit.tree, folder);
  }

  /** A file that was listed, whatever its name: other programs give names that no path of ours can have. */
  async read({ blob }: ListedFile): Promise<Buffer> {
    return await this.database.readBlob(blob);
  }

  /** The folders at the root by name, whatever names a person gave to what is beside them. */
  async folders(): Promise<readonly string[]> {
    const entries = [...(await this.database.readTree(this.commit.tree))];
    return entries.filter(([, entry]) => isFolder(entry)).map(([name]) => fromByteName(name));
  }

  private async find(segments: readonly string[]): Promise<TreeEntry | undefined> {
    let entry: TreeEntry | undefined = { mode: '40000', id: this.commit.tree };
    for (const segment of segments) {
      if (entry === undefined || !isFolder(entry)) return undefined;
      entry = (await this.database.readTree(entry.id)).get(segment);
    }
    return entry;
  }
}
