import { randomBytes } from 'node:crypto';
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from './durable-files';
import { runGit } from './git-process';
import { checkRepositoryName } from './names';
import { createLayout, readDefaultBranch } from './repository-layout';

const REPOSITORY_SUFFIX = '.git';

/** A repository as one file of Git's bundle format: all of its references and everything that they need. */
export interface RepositoryBundle {
  readonly name: string;
  readonly defaultBranch: string;
  /** Path of the file. */
  readonly file: string;
}

/**
 * The repositories of a store, which may be in use.
 * @param folder as in `GitStoreOptions`
 */
export async function repositoryNames(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(REPOSITORY_SUFFIX) && !name.startsWith('.'));
  return names.map((name) => name.slice(0, -REPOSITORY_SUFFIX.length)).sort();
}

/**
 * Writes what a repository of a store holds at one moment; the store may be in use.
 * @param folder as in `GitStoreOptions`
 * @param file is made; must not exist
 * @throws GitUnusable
 */
export async function bundleRepository(folder: string, name: string, file: string): Promise<RepositoryBundle> {
  const repository = join(folder, checkRepositoryName(name) + REPOSITORY_SUFFIX);
  const defaultBranch = await readDefaultBranch(repository);
  await runGit(repository, ['bundle', 'create', '--quiet', file, '--all']);
  return { name, defaultBranch, file };
}

/**
 * Makes the repository again in a store that nobody uses, completely or not at all; it must not exist.
 * @param folder as in `GitStoreOptions`
 * @throws GitUnusable when the file is damaged
 */
export async function unbundleRepository(
  folder: string,
  { name, defaultBranch, file }: RepositoryBundle,
): Promise<void> {
  const aside = join(folder, `.new-${randomBytes(8).toString('hex')}`);
  try {
    await createLayout(aside, defaultBranch);
    await runGit(aside, ['fetch', '--quiet', '--no-auto-gc', file, '+refs/*:refs/*']);
    await rename(aside, join(folder, checkRepositoryName(name) + REPOSITORY_SUFFIX));
    await syncFolder(folder);
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    throw error;
  }
}
