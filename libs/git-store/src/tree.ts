import { type ObjectId } from './object-id';

/** Modes that this store writes; repositories made elsewhere may hold links (120000) and submodules (160000) too. */
export const FILE_MODE = '100644';
export const EXECUTABLE_MODE = '100755';
export const FOLDER_MODE = '40000';

export interface TreeEntry {
  readonly mode: string;
  readonly id: ObjectId;
}

/**
 * The entries of one folder in Git's order. Names are byte strings (one character for each byte), because Git
 * promises no encoding: a foreign name survives a rewrite of its folder unharmed.
 */
export type Tree = ReadonlyMap<string, TreeEntry>;

export const ID_BYTES = 20;

export function isFolder(entry: TreeEntry): boolean {
  return entry.mode === FOLDER_MODE || entry.mode === '040000';
}

/** Links and submodules are neither files nor folders. */
export function isFile(entry: TreeEntry): boolean {
  return entry.mode.startsWith('100');
}

export function toByteName(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

export function fromByteName(name: string): string {
  return Buffer.from(name, 'latin1').toString('utf8');
}

/** @throws RangeError when the bytes are no tree. */
export function parseTree(body: Buffer): Tree {
  const entries = new Map<string, TreeEntry>();
  let offset = 0;
  while (offset < body.length) {
    const space = body.indexOf(0x20, offset);
    const end = body.indexOf(0, space);
    if (space < 0 || end < 0 || end + ID_BYTES >= body.length) throw new RangeError('The tree object is cut off');
    const mode = body.toString('latin1', offset, space);
    const name = body.toString('latin1', space + 1, end);
    offset = end + 1 + ID_BYTES;
    entries.set(name, { mode, id: body.toString('hex', end + 1, offset) as ObjectId });
  }
  return entries;
}
