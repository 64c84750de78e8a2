import { copyFile, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Readable } from 'node:stream';
import { FolderInUse, GitStore, unbundleRepository } from '@keptn/git-store';
import { type mongo } from 'mongoose';
import { type ArchiveContent, unpack } from './archive';
import { BackupFailure } from './backup.errors';
import { collectionNames, restoreCollection, validTokens, withDatabase } from './database';
import { CREDENTIALS_FOLDER, inTemporaryFolder, REPOSITORIES_FOLDER } from './places';
import { type BackupSettings } from './settings';

export interface RestoreOptions {
  /** Whether what is there now may be lost. */
  readonly replace: boolean;
}

export interface Restored {
  readonly content: ArchiveContent;
  /** Names of the tokens that count now: some may have been deleted or rotated since they were saved. */
  readonly tokens: readonly string[];
}

/**
 * Brings back what {@link save} wrote, after it has been read to its end. The services must be stopped. When it is interrupted,
 * it is done again with `replace`.
 *
 * @throws BackupFailure when the archive is not complete, configuration-service still runs, or there are projects or events
 */
export async function restore(settings: BackupSettings, source: Readable, options: RestoreOptions): Promise<Restored> {
  return inTemporaryFolder(async (folder) => {
    const content = await unpack(source, folder);
    const tokens = await withDatabase(settings.MONGODB_URI, (database) =>
      withRepositoriesAlone(settings, async (store) => {
        if (!options.replace) {
          await requireEmpty(store.repositories(), database);
        }
        for (const name of store.repositories()) {
          await store.deleteRepository(name);
        }
        await restoreRepositories(settings.KEPTN_DATA_DIR, folder, content);
        await restoreDatabase(database, folder, content);
        return validTokens(database);
      }),
    );
    return { content, tokens };
  });
}

/** Has `use` work while no other process owns the repositories. */
async function withRepositoriesAlone<Result>(
  { KEPTN_DATA_DIR }: BackupSettings,
  use: (store: GitStore) => Promise<Result>,
): Promise<Result> {
  const identity = { name: 'keptn', email: 'keptn@keptn.com' };
  const folder = join(KEPTN_DATA_DIR, REPOSITORIES_FOLDER);
  const store = await GitStore.open({ folder, identity }).catch((error: unknown) => {
    throw error instanceof FolderInUse
      ? new BackupFailure('configuration-service is running: stop the services first', { cause: error })
      : error;
  });
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

async function requireEmpty(repositories: readonly string[], database: mongo.Db): Promise<void> {
  const event = await database.collection('events').findOne({}, { projection: { _id: 1 } });
  if (repositories.length > 0 || event !== null) {
    throw new BackupFailure(
      `there are ${repositories.length} projects and ${event === null ? 'no' : 'some'} events here already, and nothing was ` +
        'changed: add --replace to lose them',
    );
  }
}

async function restoreRepositories(dataFolder: string, folder: string, content: ArchiveContent): Promise<void> {
  const repositories = join(dataFolder, REPOSITORIES_FOLDER);
  await rm(join(dataFolder, CREDENTIALS_FOLDER), { recursive: true, force: true });
  for (const { name, defaultBranch, file } of content.repositories) {
    await unbundleRepository(repositories, { name, defaultBranch, file: join(folder, file) });
  }
  for (const file of content.files) {
    await mkdir(dirname(join(dataFolder, file)), { recursive: true, mode: 0o700 });
    await copyFile(join(folder, file), join(dataFolder, file));
  }
}

/** Documents are replaced and not collections, whose indexes the services have made or will make. */
async function restoreDatabase(database: mongo.Db, folder: string, { collections }: ArchiveContent): Promise<void> {
  const saved = new Set(collections.map(({ name }) => name));
  for (const name of await collectionNames(database)) {
    if (!saved.has(name)) {
      await database.collection(name).deleteMany({});
    }
  }
  for (const { name, file } of collections) {
    await restoreCollection(database, name, join(folder, file));
  }
}
