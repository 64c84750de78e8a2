/**
 * The layout of LMDB's data file, version 2 (mdb.c of the lmdb package): structures MDB_page_header, MDB_node, MDB_db,
 * MDB_ovpage and MDB_meta, little-endian.
 */
export const PAGE_HEADER = 24;
/** Where the flags of a page are. */
const FLAGS = 18;
const NODE_HEADER = 8;
const META_PAGES = 2;

const MAGIC = 0xbeefc0de;
const FILE_VERSION = 2;
const NO_ROOT = 2n ** 64n - 1n;

export const BRANCH = 0x01;
export const LEAF = 0x02;
export const OVERFLOW = 0x04;
const META = 0x08;

/** The value of a node is on pages of its own, or the description of a tree. */
const ON_OVERFLOW_PAGES = 0x01;
const IS_TREE = 0x02;

/** A description of a tree: what the walk through it has to find. */
export interface Tree {
  readonly flags: number;
  readonly depth: number;
  readonly branchPages: number;
  readonly leafPages: number;
  readonly overflowPages: number;
  readonly entries: number;
  readonly root: number | undefined;
}

export interface Meta {
  readonly pageSize: number;
  readonly free: Tree;
  readonly main: Tree;
  readonly lastPage: number;
  readonly transaction: number;
}

export interface Node {
  readonly key: Buffer;
  /** Of a branch page. */
  readonly child: number;
  /** Of a leaf page: the value; when that is on overflow pages, where. */
  readonly value: Buffer;
  readonly size: number;
  readonly isOnOverflowPages: boolean;
  readonly isTree: boolean;
}

/** The bytes are not what LMDB writes. */
export class DamagedPage extends Error {
  override readonly name = 'DamagedPage';
}

/** Reads one of the two descriptions of the file. @throws DamagedPage */
export function readMeta(page: Buffer, number: number): Meta {
  const isMeta =
    page.readUInt32LE(PAGE_HEADER) === MAGIC &&
    page.readUInt32LE(PAGE_HEADER + 4) === FILE_VERSION &&
    page.readBigUInt64LE(PAGE_HEADER + 8) === 0n &&
    page.readUInt32LE(0) === number &&
    page.readUInt16LE(FLAGS) === META;
  if (!isMeta) throw new DamagedPage(`page ${number} does not describe a data file of this store`);
  const pageSize = page.readUInt32LE(PAGE_HEADER + 24);
  const transaction = numberAt(page, PAGE_HEADER + 128);
  // Transactions describe the file in the two pages by turns.
  if (transaction > 0 && transaction % META_PAGES !== number) {
    throw new DamagedPage(`page ${number} is of another transaction`);
  }
  return {
    pageSize,
    free: readTree(page, PAGE_HEADER + 24),
    main: readTree(page, PAGE_HEADER + 72),
    lastPage: numberAt(page, PAGE_HEADER + 120),
    transaction,
  };
}

/** @throws DamagedPage */
export function readTree(bytes: Buffer, at: number): Tree {
  const root = bytes.readBigUInt64LE(at + 40);
  return {
    flags: bytes.readUInt16LE(at + 4),
    depth: bytes.readUInt16LE(at + 6),
    branchPages: numberAt(bytes, at + 8),
    leafPages: numberAt(bytes, at + 16),
    overflowPages: numberAt(bytes, at + 24),
    entries: numberAt(bytes, at + 32),
    root: root === NO_ROOT ? undefined : numberAt(bytes, at + 40),
  };
}

/** Flags of a page. @throws DamagedPage when it is another page, or newer than the file */
export function kindOf(page: Buffer, number: number, transaction: number): number {
  if (numberAt(page, 0) !== number) throw new DamagedPage(`page ${number} has another number`);
  if (numberAt(page, 8) > transaction) throw new DamagedPage(`page ${number} is of a later transaction`);
  return page.readUInt16LE(FLAGS);
}

/** How many overflow pages begin here. */
export const overflowPagesAt = (page: Buffer): number => page.readUInt32LE(20);

/** The nodes, whose offsets count from behind the header, of a branch or leaf page. @throws DamagedPage when they are not within the page */
export function nodesOf(page: Buffer, number: number): Node[] {
  const [lower, upper] = [page.readUInt16LE(20), page.readUInt16LE(22)];
  if (lower % 2 !== 0 || upper < lower || PAGE_HEADER + upper > page.length) {
    throw new DamagedPage(`the bounds of page ${number} are wrong`);
  }
  const nodes: Node[] = [];
  const places: Place[] = [];
  for (let at = PAGE_HEADER; at < PAGE_HEADER + lower; at += 2) {
    const start = PAGE_HEADER + page.readUInt16LE(at);
    const node = nodeAt(page, start, number);
    nodes.push(node);
    places.push({ start, end: start + NODE_HEADER + even(node.key.length + node.value.length) });
  }
  requireFilled(page, PAGE_HEADER + upper, places, number);
  return nodes;
}

interface Place {
  readonly start: number;
  /** Behind the node. */
  readonly end: number;
}

const even = (length: number): number => length + (length % 2);

/**
 * Nodes fill a page to its end, in any order and without gaps. LMDB moves them by these bounds when it removes one, and ends
 * the process with SIGSEGV when they are wrong.
 *
 * @param from where the nodes begin
 * @throws DamagedPage
 */
function requireFilled(page: Buffer, from: number, places: Place[], number: number): void {
  let end = from;
  for (const place of places.sort((one, other) => one.start - other.start)) {
    if (place.start !== end) throw new DamagedPage(`the nodes of page ${number} are not side by side`);
    ({ end } = place);
  }
  if (end !== page.length) throw new DamagedPage(`the nodes of page ${number} are not side by side`);
}

function nodeAt(page: Buffer, at: number, number: number): Node {
  const keyStart = at + NODE_HEADER;
  if (keyStart > page.length) throw new DamagedPage(`a node of page ${number} is outside of it`);
  const [low, high] = [page.readUInt16LE(at), page.readUInt16LE(at + 2)];
  const flags = page.readUInt16LE(at + 4);
  const valueStart = keyStart + page.readUInt16LE(at + 6);
  const size = low + high * 2 ** 16;
  const isLeaf = (page.readUInt16LE(FLAGS) & LEAF) !== 0;
  const isOnOverflowPages = isLeaf && (flags & ON_OVERFLOW_PAGES) !== 0;
  const valueEnd = valueStart + (isOnOverflowPages ? PAGE_HEADER : isLeaf ? size : 0);
  if (valueEnd > page.length || (isLeaf && flags > ON_OVERFLOW_PAGES + IS_TREE)) {
    throw new DamagedPage(`a node of page ${number} is outside of it`);
  }
  return {
    key: page.subarray(keyStart, valueStart),
    child: size + flags * 2 ** 32,
    value: page.subarray(valueStart, valueEnd),
    size,
    isOnOverflowPages,
    isTree: isLeaf && (flags & IS_TREE) !== 0,
  };
}

/** @throws DamagedPage when it is larger than any number that a file of this kind has */
export function numberAt(bytes: Buffer, at: number): number {
  const number = Number(bytes.readBigUInt64LE(at));
  if (!Number.isSafeInteger(number)) throw new DamagedPage('a number is too large');
  return number;
}
