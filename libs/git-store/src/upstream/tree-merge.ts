import { type NamedObject, nameObject } from '../git-object';
import { type ObjectDatabase } from '../object-database';
import { type ObjectId } from '../object-id';
import { EXECUTABLE_MODE, FOLDER_MODE, type Tree, type TreeEntry, fromByteName, isFile, isFolder } from '../tree';
import { nameTree } from '../tree-object';
import { type ThreeVersions, mergeLines } from './line-merge';

/** Enough for a person to see what is wrong. */
const MAX_CONFLICTS = 20;

type MaybeEntry = TreeEntry | undefined;

/** The same place in the tree before, on our side and on theirs. */
interface ThreeEntries {
  readonly base: MaybeEntry;
  readonly ours: MaybeEntry;
  readonly theirs: MaybeEntry;
}

export interface ThreeTrees {
  /** Undefined when the sides have no common past. */
  readonly base: ObjectId | undefined;
  readonly ours: ObjectId;
  readonly theirs: ObjectId;
}

/**
 * Merges trees without a work tree; only folders that differ are read. What it makes stays in memory, so several
 * merges can build on each other before anything is stored.
 */
export class TreeMerge {
  /** New blobs and trees. */
  readonly objects = new Map<ObjectId, NamedObject>();
  /** Files that both sides of the last merge changed in different ways. */
  conflicts: readonly string[] = [];

  constructor(
    private readonly repositoryFolder: string,
    private readonly database: ObjectDatabase,
  ) {}

  /** @returns undefined when there are conflicts */
  async merge({ base, ours, theirs }: ThreeTrees): Promise<ObjectId | undefined> {
    this.conflicts = [];
    const asFolder = (id: ObjectId): TreeEntry => ({ mode: FOLDER_MODE, id });
    const entries = { base: base && asFolder(base), ours: asFolder(ours), theirs: asFolder(theirs) };
    const merged = await this.mergeEntries('', entries);
    if (this.conflicts.length > 0) return undefined;
    return merged?.id ?? this.keep(nameTree([]));
  }

  private async mergeEntries(path: string, { base, ours, theirs }: ThreeEntries): Promise<MaybeEntry> {
    if (same(ours, theirs) || same(base, theirs)) return ours;
    if (same(base, ours)) return theirs;
    const isFolderOrNothing = (entry: MaybeEntry): boolean => entry === undefined || isFolder(entry);
    if (isFolderOrNothing(ours) && isFolderOrNothing(theirs)) {
      return await this.mergeFolders(path, { base: base && isFolder(base) ? base : undefined, ours, theirs });
    }
    if (ours !== undefined && theirs !== undefined && isFile(ours) && isFile(theirs)) {
      return await this.mergeFiles(path, { base: base && isFile(base) ? base : undefined, ours, theirs });
    }
    return this.conflict(path, ours);
  }

  private async mergeFolders(path: string, { base, ours, theirs }: ThreeEntries): Promise<MaybeEntry> {
    const [before, left, right] = await Promise.all([this.read(base), this.read(ours), this.read(theirs)]);
    const merged = new Map<string, TreeEntry>();
    for (const name of new Set([...left.keys(), ...right.keys()])) {
      const entries = { base: before.get(name), ours: left.get(name), theirs: right.get(name) };
      const entry = await this.mergeEntries(path + (path && '/') + fromByteName(name), entries);
      if (entry !== undefined) merged.set(name, entry);
    }
    if (merged.size === 0) return undefined;
    return { mode: FOLDER_MODE, id: this.keep(nameTree(merged)) };
  }

  private async mergeFiles(
    path: string,
    { base, ours, theirs }: { base: MaybeEntry; ours: TreeEntry; theirs: TreeEntry },
  ): Promise<TreeEntry> {
    const mode = base?.mode === ours.mode ? theirs.mode : ours.mode;
    if (ours.id === theirs.id) return { mode: [ours.mode, theirs.mode].find(isExecutable) ?? mode, id: ours.id };
    const versions: ThreeVersions = {
      base: base === undefined ? Buffer.alloc(0) : await this.readBlob(base.id),
      ours: await this.readBlob(ours.id),
      theirs: await this.readBlob(theirs.id),
    };
    const content = await mergeLines(this.repositoryFolder, versions);
    if (content !== undefined) return { mode, id: this.keep(nameObject('blob', content)) };
    return this.conflict(path, ours);
  }

  private conflict<Entry extends MaybeEntry>(path: string, ours: Entry): Entry {
    if (this.conflicts.length < MAX_CONFLICTS) this.conflicts = [...this.conflicts, path];
    return ours;
  }

  private keep(object: NamedObject): ObjectId {
    this.objects.set(object.id, object);
    return object.id;
  }

  private async read(entry: MaybeEntry): Promise<Tree> {
    if (entry === undefined) return new Map();
    return this.objects.get(entry.id)?.tree ?? (await this.database.readTree(entry.id));
  }

  private async readBlob(id: ObjectId): Promise<Buffer> {
    return this.objects.get(id)?.body ?? (await this.database.readBlob(id));
  }
}

function isExecutable(mode: string): boolean {
  return mode === EXECUTABLE_MODE;
}

function same(left: MaybeEntry, right: MaybeEntry): boolean {
  return left?.id === right?.id && left?.mode === right?.mode;
}
