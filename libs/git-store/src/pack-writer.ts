import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { syncFolder } from './durable-files';
import { type NamedObject } from './git-object';
import { runGit } from './git-process';
import { packEntry, packHeader } from './pack-file';

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
  const header = packHeader(objects.length);
  hash.update(header);
  yield header;
  for (const object of objects) {
    const entry = await packEntry(object);
    hash.update(entry);
    yield entry;
  }
  yield hash.digest();
}
