import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { compress } from './compression';
import { type GitObject, type ObjectType, type StoredObject } from './git-object';

/** Numbers of the types in Git's pack format. */
const PACK_TYPES: Readonly<Record<ObjectType, number>> = { commit: 1, tree: 2, blob: 3, tag: 4 };
const PACK_VERSION = 2;
const INDEX_MAGIC = 0xff744f63;
const INDEX_VERSION = 2;
const FIRST_BYTES = 256;

/** A pack as two files. Source of both formats: gitformat-pack(5). */
export interface PackFile {
  /** Of both, without its ending. */
  readonly name: string;
  readonly pack: Buffer;
  readonly index: Buffer;
}

/** @param entries see {@link packEntry}; at most 2 GiB, no object twice */
export function packFile(entries: readonly StoredObject[]): PackFile {
  const offsets = new Map<StoredObject, number>();
  let offset = packHeader(0).length;
  for (const entry of entries) {
    offsets.set(entry, offset);
    offset += entry.bytes.length;
  }
  const content = Buffer.concat([packHeader(entries.length), ...entries.map(({ bytes }) => bytes)]);
  const pack = withChecksum(content);
  const sorted = [...offsets].sort(([{ id: one }], [{ id: other }]) => (one < other ? -1 : 1));
  const index = withChecksum(
    Buffer.concat([
      numbers([INDEX_MAGIC, INDEX_VERSION]),
      numbers(fanOutOf(sorted.map(([{ id }]) => id))),
      Buffer.from(sorted.map(([{ id }]) => id).join(''), 'hex'),
      numbers(sorted.map(([{ bytes }]) => crc32(bytes))),
      numbers(sorted.map(([, at]) => at)),
      pack.subarray(content.length),
    ]),
  );
  return { name: packName(entries), pack, index };
}

/** The same for the same objects in any order. */
export function packName(objects: readonly Pick<StoredObject, 'id'>[]): string {
  const ids = objects.map(({ id }) => id).sort();
  return `pack-${createHash('sha1').update(ids.join('')).digest('hex')}`;
}

/** What a pack begins with. */
export function packHeader(objects: number): Buffer {
  return Buffer.concat([Buffer.from('PACK'), numbers([PACK_VERSION, objects])]);
}

/** An object as a pack holds it: type and size, then the compressed body. */
export async function packEntry({ type, body }: GitObject): Promise<Buffer> {
  return Buffer.concat([entryHeader(PACK_TYPES[type], body.length), await compress(body)]);
}

/** Type and size: 4 bits of the size in the first byte, 7 in each further one, the highest bit says that one follows. */
function entryHeader(type: number, size: number): Buffer {
  const bytes: number[] = [];
  let current = (type << 4) | (size & 0x0f);
  for (let rest = Math.floor(size / 16); rest > 0; rest = Math.floor(rest / 128)) {
    bytes.push(current | 0x80);
    current = rest % 128;
  }
  bytes.push(current);
  return Buffer.from(bytes);
}

/** For each value of a first byte, how many ids begin with it or a lower one. */
function fanOutOf(ids: readonly string[]): number[] {
  const fanOut = Array.from({ length: FIRST_BYTES }, () => 0);
  for (const id of ids) {
    const first = Number.parseInt(id.slice(0, 2), 16);
    fanOut[first] = (fanOut[first] ?? 0) + 1;
  }
  let sum = 0;
  return fanOut.map((count) => (sum += count));
}

/** 32 bits each, in network order. */
function numbers(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, index * 4);
  return bytes;
}

const withChecksum = (content: Buffer): Buffer => Buffer.concat([content, createHash('sha1').update(content).digest()]);
