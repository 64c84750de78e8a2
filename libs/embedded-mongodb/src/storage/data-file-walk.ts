import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import {
  BRANCH,
  DamagedPage,
  kindOf,
  LEAF,
  type Meta,
  type Node,
  nodesOf,
  numberAt,
  OVERFLOW,
  overflowPagesAt,
  PAGE_HEADER,
  readMeta,
  readTree,
  type Tree,
} from './lmdb-page';

/** The smallest page that LMDB has, and enough for its description. */
const META_BYTES = 512;
/** The largest offset that Node reads at. */
const MAX_POSITION = Number.MAX_SAFE_INTEGER - 2 ** 20;
/** More levels than any tree has. */
const MAX_DEPTH = 32;

export interface Visitor {
  /** Told about each damaged page or value; the walk goes on behind it. */
  damage(what: string): void;
  /** Told about each entry of a named tree. @throws Error when the value is damaged */
  entry(tree: string, key: Buffer, value: Buffer): void;
  /** Whether leaf pages of maps are not read; that they are within the file is checked then. */
  readonly skipsLeaves: boolean;
  /** The small tree that is read before the others, and whole. */
  readonly first: string;
}

/** What a walk through a tree has met. */
interface Count {
  branchPages: number;
  leafPages: number;
  overflowPages: number;
  entries: number;
  damages: number;
}

/**
 * Reads LMDB's data file page by page, without LMDB: that maps the file into memory, and a damaged one ends its process with
 * SIGBUS or SIGSEGV.
 *
 * @throws DamagedPage when the file has no description that can be used
 */
export function walkDataFile(path: string, visitor: Visitor): void {
  const file = openSync(path, 'r');
  try {
    new DataFileWalk(file, visitor).run();
  } finally {
    closeSync(file);
  }
}

class DataFileWalk {
  private readonly seen = new Set<number>();
  private readonly meta: Meta;
  private readonly pages: number;

  constructor(
    private readonly file: number,
    private readonly visitor: Visitor,
  ) {
    const first = readMeta(this.bytes(0, META_BYTES), 0);
    if (first.pageSize < META_BYTES || first.pageSize > 65_536) throw new DamagedPage('the size of pages is wrong');
    const metas = [first, readMeta(this.bytes(first.pageSize, META_BYTES), 1)] as const;
    this.meta = metas[0].transaction > metas[1].transaction ? metas[0] : metas[1];
    this.pages = Math.floor(fstatSync(file).size / first.pageSize);
    requireSameKind(metas[0], metas[1]);
    for (const meta of metas) this.requireRoot(meta);
  }

  run(): void {
    const { free, main } = this.meta;
    const freePages = new Set<number>();
    this.walkTree('list of free pages', { ...free, flags: 0 }, (node, value) => {
      // Its first number says how many follow.
      if (node.size < 8 || numberAt(value, 0) > node.size / 8 - 1) throw new DamagedPage('an entry has another length');
      for (let at = 8; at + 8 <= node.size; at += 8) freePages.add(numberOrZero(value, at));
    });
    const trees: [string, Tree][] = [];
    this.walkTree('list of maps', main, (node, value) => {
      if (!node.isTree) throw new DamagedPage('the list of maps has something else');
      trees.push([node.key.toString('latin1').replace(/\0$/, ''), readTree(value, 0)]);
    });
    trees.sort(([one], [other]) => Number(other === this.visitor.first) - Number(one === this.visitor.first));
    for (const [name, tree] of trees) {
      this.walkTree(name, tree, (node, value) => {
        this.visitor.entry(name, node.key, value);
      });
    }
    const used = [...freePages].filter((page) => this.seen.has(page)).length;
    if (used > 0) this.visitor.damage(`the list of free pages has ${used} pages that are in use`);
    // Only free pages may be missing at the end of the file.
    if (this.meta.lastPage - this.pages >= freePages.size || [...freePages].some((page) => page > this.meta.lastPage)) {
      this.visitor.damage('the number of the last page is wrong');
    }
  }

  /** The description and the tree that it leads to were written together. */
  private requireRoot({ main, transaction }: Meta): void {
    if (main.root === undefined) {
      if (transaction > 1) throw new DamagedPage('a description of the file has no maps');
      return;
    }
    const page = this.page(main.root);
    kindOf(page, main.root, transaction);
    if (numberAt(page, 8) !== transaction) throw new DamagedPage('a description of the file is of another transaction');
  }

  private walkTree(name: string, tree: Tree, use: (node: Node, value: Buffer) => void): void {
    const count: Count = { branchPages: 0, leafPages: 0, overflowPages: 0, entries: 0, damages: 0 };
    if (tree.flags !== 0) this.visitor.damage(`${name}: the order of keys is unknown`);
    const skipsLeaves = this.visitor.skipsLeaves && !isSmall(name) && name !== this.visitor.first;
    const order = new KeyOrder(name === 'list of free pages' ? bigEndian : asItIs);
    const attempt = (work: () => void): void => {
      try {
        work();
      } catch (error) {
        count.damages++;
        this.visitor.damage(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      }
    };
    const walk = (number: number, depth: number): void => {
      if (depth > tree.depth) throw new DamagedPage(`page ${number} is deeper than the tree`);
      const isLeafLevel = depth === tree.depth;
      if (isLeafLevel && skipsLeaves) {
        this.claim(number);
        return;
      }
      const page = this.claimed(number, isLeafLevel ? LEAF : BRANCH);
      count[isLeafLevel ? 'leafPages' : 'branchPages']++;
      for (const [index, node] of nodesOf(page, number).entries()) {
        attempt(() => {
          if (!isLeafLevel) {
            if (index > 0) order.separate(node.key);
            walk(node.child, depth + 1);
            return;
          }
          order.pass(node.key);
          count.entries++;
          use(node, node.isOnOverflowPages ? this.overflowValue(node, count) : node.value);
        });
      }
    };
    const { root } = tree;
    if (tree.depth > MAX_DEPTH) {
      this.visitor.damage(`${name}: the depth is wrong`);
    } else if (root !== undefined) {
      attempt(() => {
        walk(root, 1);
      });
    }
    if (count.damages === 0 && !skipsLeaves && !matches(count, tree)) {
      this.visitor.damage(`${name}: has another number of entries or pages than it should`);
    }
  }

  private overflowValue(node: Node, count: Count): Buffer {
    const first = numberAt(node.value, 0);
    const page = this.claimed(first, OVERFLOW);
    const pages = overflowPagesAt(page);
    if (pages !== Math.ceil((PAGE_HEADER + node.size) / this.meta.pageSize)) {
      throw new DamagedPage(`page ${first} has another size than its value`);
    }
    for (let number = first + 1; number < first + pages; number++) this.claim(number);
    count.overflowPages += pages;
    return this.bytes(first * this.meta.pageSize + PAGE_HEADER, node.size);
  }

  /** A page that is met for the first time. @throws DamagedPage */
  private claimed(number: number, kind: number): Buffer {
    this.claim(number);
    const page = this.page(number);
    if (kindOf(page, number, this.meta.transaction) !== kind)
      throw new DamagedPage(`page ${number} is of another kind`);
    return page;
  }

  private claim(number: number): void {
    if (number > this.meta.lastPage || number >= this.pages) {
      throw new DamagedPage(`page ${number} is behind the end of the file`);
    }
    if (this.seen.has(number)) throw new DamagedPage(`page ${number} is in two trees`);
    this.seen.add(number);
  }

  private page(number: number): Buffer {
    return this.bytes(number * this.meta.pageSize, this.meta.pageSize);
  }

  private bytes(position: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    if (position > MAX_POSITION || readSync(this.file, bytes, 0, length, position) < length)
      throw new DamagedPage('the file is cut off');
    return bytes;
  }
}

/** What stays the same from transaction to transaction. @throws DamagedPage */
function requireSameKind(one: Meta, other: Meta): void {
  const isSame =
    one.pageSize === other.pageSize && one.free.flags === other.free.flags && one.main.flags === other.main.flags;
  if (!isSame) throw new DamagedPage('the two descriptions of the file contradict each other');
}

/** Trees that are always read: they tell where the others are. */
const isSmall = (name: string): boolean => name.startsWith('list of');

const matches = (count: Count, tree: Tree): boolean =>
  count.entries === tree.entries &&
  count.branchPages === tree.branchPages &&
  count.leafPages === tree.leafPages &&
  count.overflowPages === tree.overflowPages;

const numberOrZero = (bytes: Buffer, at: number): number => Number(bytes.readBigInt64LE(at));

/** Checks that keys ascend, also from page to page. */
class KeyOrder {
  private last: Buffer | undefined;
  /** The next key is at least this one. */
  private bound: Buffer | undefined;

  /** @param comparable a key as bytes in their order */
  constructor(private readonly comparable: (key: Buffer) => Buffer) {}

  /** A key of a branch page: what is before it is smaller, what comes behind is not. */
  separate(separator: Buffer): void {
    const key = this.comparable(separator);
    if (this.last !== undefined && this.last.compare(key) >= 0) throw new DamagedPage('keys of pages are in disorder');
    this.bound = key;
  }

  pass(next: Buffer): void {
    const key = this.comparable(next);
    const isBehind = this.last === undefined || this.last.compare(key) < 0;
    const isWithin = this.bound === undefined || this.bound.compare(key) <= 0;
    this.last = key;
    if (!isBehind || !isWithin) throw new DamagedPage('keys are in disorder');
  }
}

const asItIs = (key: Buffer): Buffer => key;

/** Of a number of 8 bytes, little-endian. */
function bigEndian(key: Buffer): Buffer {
  if (key.length !== 8) throw new DamagedPage('a key is no number');
  return Buffer.from(key).swap64();
}
