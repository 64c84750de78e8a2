import { type NamedObject, nameObject } from './git-object';
import { ID_BYTES, type Tree, type TreeEntry, isFolder } from './tree';

/** A tree as an object, which keeps its entries: nobody has to read them from its bytes again. */
export function nameTree(entries: Iterable<readonly [name: string, entry: TreeEntry]>): NamedObject {
  const tree: Tree = new Map(inGitOrder(entries));
  return { ...nameObject('tree', encodeTree(tree)), tree };
}

/** Git sorts by bytes, as if the name of a folder ended in a slash. */
function inGitOrder(entries: Iterable<readonly [name: string, entry: TreeEntry]>): [string, TreeEntry][] {
  const sortable = Array.from(entries, ([name, entry]) => ({ name, entry, key: isFolder(entry) ? `${name}/` : name }));
  sortable.sort((a, b) => (a.key < b.key ? -1 : 1));
  return sortable.map(({ name, entry }) => [name, entry]);
}

function encodeTree(tree: Tree): Buffer {
  const bytes = Array.from(tree, ([name, { mode }]) => mode.length + name.length + 2 + ID_BYTES);
  const body = Buffer.allocUnsafe(bytes.reduce((sum, length) => sum + length, 0));
  let offset = 0;
  for (const [name, { mode, id }] of tree) {
    offset += body.write(`${mode} ${name}\0`, offset, 'latin1');
    offset += body.write(id, offset, 'hex');
  }
  return body;
}
