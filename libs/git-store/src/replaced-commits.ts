import { mkdir, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { createSynced, syncFolder } from './durable-files';
import { runGit } from './git-process';
import { RepositoryDamaged } from './git-store.errors';
import { type ObjectDatabase } from './object-database';
import { type ObjectId, isObjectId } from './object-id';
import { namesIn } from './repository-layout';
import { asStorageFailure } from './storage-failure';

/** One reference for each former head: whoever holds a version that this store acknowledged can read it for ever. */
const FOLDER = 'refs/keptn/replaced';

const folderOf = (branch: string): string => `${FOLDER}/${branch}`;

/** Keeps a head of a branch, with its past, when other commits take its place. Durable when this returns. */
export async function keepReplaced(repositoryFolder: string, branch: string, head: ObjectId): Promise<void> {
  const folder = join(repositoryFolder, folderOf(branch));
  await mkdir(folder, { recursive: true });
  const lock = join(folder, `${head}.lock`);
  await createSynced(lock, `${head}\n`);
  await rename(lock, join(folder, head));
  for (let each = folder; each !== repositoryFolder; each = dirname(each)) await syncFolder(each);
}

/**
 * Writes references again that did not reach the disk whole, and keep Git from packing and from making backups: their
 * names say what they held. Where that fails they stay as they are, and nobody is kept from reading.
 */
export async function mendReplaced(repositoryFolder: string, database: ObjectDatabase): Promise<void> {
  try {
    for (const branch of await namesIn(join(repositoryFolder, FOLDER))) {
      for (const head of await brokenHeads(join(repositoryFolder, folderOf(branch)))) {
        const isThere = (await database.findCommit(head)) !== undefined;
        if (isThere) await keepReplaced(repositoryFolder, branch, head);
      }
    }
  } catch (error) {
    if (asStorageFailure(error) === error && !(error instanceof RepositoryDamaged)) throw error;
  }
}

async function brokenHeads(folder: string): Promise<ObjectId[]> {
  const broken: ObjectId[] = [];
  for (const head of (await namesIn(folder)).filter(isObjectId)) {
    if ((await readFile(join(folder, head), 'utf8')).trim() !== head) broken.push(head);
  }
  return broken;
}

/** Lets the former heads of a branch go together with it. */
export async function forgetReplaced(repositoryFolder: string, branch: string): Promise<void> {
  const listed = await runGit(repositoryFolder, ['for-each-ref', '--format=delete %(refname)', `${folderOf(branch)}/`]);
  if (listed.length > 0) await runGit(repositoryFolder, ['update-ref', '--stdin'], { input: Readable.from([listed]) });
}

/** Whether a branch was at a commit once: it is in the past of its head or of a former one. */
export async function isInPast(repositoryFolder: string, branch: string, commit: ObjectId): Promise<boolean> {
  const heads = [`refs/heads/${branch}`, `${folderOf(branch)}/`];
  const args = ['for-each-ref', '--count=1', `--contains=${commit}`, '--format=%(refname)', ...heads];
  return (await runGit(repositoryFolder, args)).length > 0;
}
