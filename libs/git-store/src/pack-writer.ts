import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { compress } from './compression';
import { syncFolder } from './durable-files';
import { type NamedObject, type ObjectType } from './git-object';
import { runGit } from './git-process';

/** Numbers of the types in Git's pack format. */
const PACK_TYPES: Readonly<Record<ObjectType, number>> = { commit: 1, tree: 2, blob: 3, tag: 4 };
const PACK_VERSION = 2;

/**
 * Stores many objects in two files, a pack and its index, where loose objects would need a file each. Git checks the
 * pack, writes the index and waits until both are on disk.
 * @throws GitUnusable
 */
export async function writePack(repositoryFolder: string, objects: readonly NamedObject[]): Promise<void> {
  const packs = join(repositoryFolder, 'objects', 'pack');
  // Git leaves half a pack where it was writing when there is no space: a folder of its own is removed as a whole.
  const quarantine = join(repositoryFolder, 'objects', `tmp_pack_${randomBytes(8).toString('hex')}`);
  await mkdir(join(quarantine, 'pack'), { recursive: true });
  try {
    const input = Readable.from(encodePack(objects), { objectMode: false });
    const environment = { GIT_OBJECT_DIRECTORY: quarantine };
    await runGit(repositoryFolder, ['-c', 'pack.threads=1', 'index-pack', '--stdin'], { input, environment });
    // The index comes last: with it, Git finds the pack.
    const files = (await readdir(join(quarantine, 'pack'))).sort((a, b) => Number(isIndex(a)) - Number(isIndex(b)));
    for (const file of files) await rename(join(quarantine, 'pack', file), join(packs, file));
  } finally {
    await rm(quarantine, { recursive: true, force: true }).catch(() => undefined);
  }
  await syncFolder(packs);
}

const isIndex = (file: string): boolean => file.endsWith('.idx');

async function* encodePack(objects: readonly NamedObject[]): AsyncGenerator<Buffer> {
  const hash = createHash('sha1');
  const header = Buffer.alloc(12);
  header.write('PACK');
  header.writeUInt32BE(PACK_VERSION, 4);
  header.writeUInt32BE(objects.length, 8);
  hash.update(header);
  yield header;
  for (const { type, body } of objects) {
    const entry = Buffer.concat([encodeEntryHeader(PACK_TYPES[type], body.length), await compress(body)]);
    hash.update(entry);
    yield entry;
  }
  yield hash.digest();
}

/** Type and size: 4 bits of the size in the first byte, 7 in each further one, the highest bit says that one follows. */
function encodeEntryHeader(type: number, size: number): Buffer {
  const bytes: number[] = [];
  let current = (type << 4) | (size & 0x0f);
  for (let rest = Math.floor(size / 16); rest > 0; rest = Math.floor(rest / 128)) {
    bytes.push(current | 0x80);
    current = rest % 128;
  }
  bytes.push(current);
  return Buffer.from(bytes);
}
