import { type Commit } from './commit-object';
import { FileNotFound, IsADirectory } from './git-store.errors';
import { splitPath } from './names';
import { type ObjectDatabase } from './object-database';
import { type ObjectId } from './object-id';
import { type TreeEntry, isFile, isFolder } from './tree';
import { type FilePage, type ListOptions, listFiles } from './tree-walk';

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
   * One page of the files below a folder; nothing when the folder does not exist.
   * @throws InvalidPath
   */
  async list(options: ListOptions): Promise<FilePage> {
    return await listFiles(this.database, this.commit, options);
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
