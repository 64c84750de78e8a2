import { mkdirSync } from 'node:fs';
import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { forEachConcurrently, PARALLEL_FILES } from './bounded-concurrency';
import { createSynced, syncFolder } from './durable-files';
import { RepositoryDamaged } from './git-store.errors';
import { type ObjectId } from './object-id';

/** Housekeeping is this store's business; a git command run by a person must not start it by the way. */
const CONFIG = `[core]
\trepositoryformatversion = 0
\tfilemode = true
\tbare = true
[gc]
\tauto = 0
[maintenance]
\tauto = false
`;

const FOLDERS = ['objects/info', 'objects/pack', 'refs/heads', 'refs/tags', 'objects', 'refs', '.'];

/** Creates an empty bare repository in a folder that must not exist, without its branches. */
export async function createLayout(repositoryFolder: string, defaultBranch: string): Promise<void> {
  mkdirSync(repositoryFolder, { mode: 0o700 });
  for (const folder of FOLDERS) mkdirSync(join(repositoryFolder, folder), { recursive: true });
  await createSynced(join(repositoryFolder, 'config'), CONFIG);
  await createSynced(join(repositoryFolder, 'HEAD'), `ref: refs/heads/${defaultBranch}\n`);
}

/** Adds the branches and waits until the whole layout is on disk. */
export async function finishLayout(repositoryFolder: string, heads: ReadonlyMap<string, ObjectId>): Promise<void> {
  await forEachConcurrently(heads, PARALLEL_FILES, ([branch, commit]) =>
    createSynced(join(repositoryFolder, 'refs/heads', branch), `${commit}\n`),
  );
  await forEachConcurrently(FOLDERS, PARALLEL_FILES, (folder) => syncFolder(join(repositoryFolder, folder)));
}

/** @throws RepositoryDamaged when HEAD names no branch */
export async function readDefaultBranch(repositoryFolder: string): Promise<string> {
  const location = join(repositoryFolder, 'HEAD');
  const damage = {
    subject: 'HEAD',
    remedy: 'write "ref: refs/heads/master" into it and restart the service',
    location,
  };
  const head = await readFile(location, 'utf8').catch((cause: unknown) => {
    throw new RepositoryDamaged(damage, { cause });
  });
  const branch = /^ref: refs\/heads\/(.+)\n?$/.exec(head)?.[1];
  if (branch === undefined) throw new RepositoryDamaged(damage);
  return branch;
}

const isLock = (name: string): boolean => name.endsWith('.lock');
const isTemporary = (name: string): boolean => /^\.?tmp[_-]/.test(name);

/**
 * Removes what a killed process left in a repository: locks and temporary files. Only the owner of the store may do
 * that, before it writes anything.
 */
export async function removeLeftovers(repositoryFolder: string): Promise<void> {
  await removeMatching(repositoryFolder, (name) => isLock(name) || isTemporary(name) || name === 'gc.pid');
  await removeLocksBelow(join(repositoryFolder, 'refs'));
  await removeMatching(join(repositoryFolder, 'objects'), isTemporary);
  await removeMatching(join(repositoryFolder, 'objects', 'pack'), isTemporary);
  await removeMatching(join(repositoryFolder, 'objects', 'info'), (name) => isLock(name) || isTemporary(name));
}

/** What Git leaves when it has no space for a pack; nothing else may be writing packs that are still wanted. */
export async function removeTemporaryPacks(repositoryFolder: string): Promise<void> {
  await removeMatching(join(repositoryFolder, 'objects', 'pack'), isTemporary);
}

/** At any depth, as names of branches have slashes. */
async function removeLocksBelow(folder: string): Promise<void> {
  const files = await readdir(folder, { recursive: true }).catch(() => []);
  for (const file of files.filter(isLock)) await rm(join(folder, file), { force: true });
}

async function removeMatching(folder: string, matches: (name: string) => boolean): Promise<void> {
  for (const name of (await namesIn(folder)).filter(matches))
    await rm(join(folder, name), { recursive: true, force: true });
}

/** What a folder holds; nothing when it is missing. */
export async function namesIn(folder: string): Promise<string[]> {
  return await readdir(folder).catch(() => []);
}
