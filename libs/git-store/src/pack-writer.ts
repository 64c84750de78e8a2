import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { syncFolder } from './durable-files';
import { type NamedObject } from './git-object';
import { runGit } from './git-process';
import { packEntry, packHeader } from './pack-file';
import { namesIn } from './repository-layout';

const PACKS = 'objects/pack';

/** What says so in the file beside a pack that Git is to leave as it is. */
const KEEPER = 'keptn';
const KEPT = '.keep';

/**
 * Stores many objects in two files, a pack and its index, where loose objects would need a file each. Git checks the
 * pack, writes the index and waits until both are on disk.
 * @throws GitUnusable
 */
export async function writePack(repositoryFolder: string, objects: readonly NamedObject[]): Promise<void> {
  await addPack(repositoryFolder, objects, []);
}

/**
 * As {@link writePack}; packing leaves the pack as it is until that is allowed.
 * @returns allows it
 */
export async function writeKeptPack(
  repositoryFolder: string,
  objects: readonly NamedObject[],
): Promise<() => Promise<void>> {
  const names = await addPack(repositoryFolder, objects, [`--keep=${KEEPER}`]);
  const keep = names.find((name) => name.endsWith(KEPT));
  return async () => {
    // The next start removes one that stays.
    if (keep !== undefined) await unlink(join(repositoryFolder, PACKS, keep)).catch(() => undefined);
  };
}

/** Lets packing take the packs that a killed process had kept from it. */
export async function releasePacks(repositoryFolder: string): Promise<void> {
  for (const name of (await namesIn(join(repositoryFolder, PACKS))).filter((each) => each.endsWith(KEPT))) {
    const file = join(repositoryFolder, PACKS, name);
    // A disk that takes no writes keeps nobody from reading.
    if ((await readFile(file, 'utf8')).trim() === KEEPER) await unlink(file).catch(() => undefined);
  }
}

/** @returns the names of its files */
async function addPack(
  repositoryFolder: string,
  objects: readonly NamedObject[],
  options: readonly string[],
): Promise<string[]> {
  const packs = join(repositoryFolder, PACKS);
  // Git leaves half a pack where it was writing when there is no space: a folder of its own is removed as a whole.
  const quarantine = join(repositoryFolder, 'objects', `tmp_pack_${randomBytes(8).toString('hex')}`);
  await mkdir(join(quarantine, 'pack'), { recursive: true });
  try {
    const distinct = [...new Map(objects.map((object) => [object.id, object])).values()];
    const input = Readable.from(encodePack(distinct), { objectMode: false });
    const environment = { GIT_OBJECT_DIRECTORY: quarantine };
    const args = ['-c', 'pack.threads=1', 'index-pack', '--stdin', ...options];
    await runGit(repositoryFolder, args, { input, environment });
    // The index comes last: with it, Git finds the pack.
    const files = (await readdir(join(quarantine, 'pack'))).sort((a, b) => Number(isIndex(a)) - Number(isIndex(b)));
    for (const file of files) await rename(join(quarantine, 'pack', file), join(packs, file));
    await syncFolder(packs);
    return files;
  } finally {
    await rm(quarantine, { recursive: true, force: true }).catch(() => undefined);
  }
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
