import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Writable } from 'node:stream';
import { bundleRepository, GitStoreError, repositoryNames } from '@keptn/git-store';
import { TarWriter } from '@keptn/tar';
import { type ArchiveContent, finishWith } from './archive';
import { ProjectsNotSaved } from './backup.errors';
import { collectionNames, saveCollection, withDatabase } from './database';
import { CREDENTIALS_FOLDER, inTemporaryFolder, isMissing, REPOSITORIES_FOLDER } from './places';
import { type BackupSettings } from './settings';

/** How far readers of the log have come. */
const POSITIONS: readonly string[] = ['logCursors', 'subscriptions'];
/** The log, and the number up to which it has come. */
const LOG: readonly string[] = ['counters', 'events'];

/**
 * Writes everything that the control plane keeps as a tar archive, while it runs. Events and repositories are read one after
 * the other: what is written meanwhile may be in one of them only.
 *
 * @throws BackupFailure
 * @throws ProjectsNotSaved when the archive is complete but for repositories that cannot be read
 */
export async function save({ KEPTN_DATA_DIR, MONGODB_URI }: BackupSettings, target: Writable): Promise<ArchiveContent> {
  return inTemporaryFolder(async (folder) => {
    const archive = new TarWriter(target);
    const collections = await saveDatabase(MONGODB_URI, folder, archive);
    const { repositories, unsaved } = await saveRepositories(
      join(KEPTN_DATA_DIR, REPOSITORIES_FOLDER),
      folder,
      archive,
    );
    const files = await saveCredentials(KEPTN_DATA_DIR, archive);
    const content = { version: 1, createdAt: new Date().toISOString(), repositories, files, collections } as const;
    await finishWith(content, archive);
    if (unsaved.size > 0) {
      throw new ProjectsNotSaved(unsaved);
    }
    return content;
  });
}

async function saveDatabase(uri: string, folder: string, archive: TarWriter): Promise<ArchiveContent['collections']> {
  return withDatabase(uri, async (database) => {
    const saved: ArchiveContent['collections'] = [];
    for (const name of inOrderOfReading(await collectionNames(database))) {
      const file = `database/${name}.bson`;
      const temporary = join(folder, 'collection.bson');
      const documents = await saveCollection(database, name, temporary);
      await archive.addFile(file, temporary);
      await rm(temporary);
      saved.push({ name, file, documents });
    }
    return saved;
  });
}

/**
 * Collections change while others are saved. What readers have made of events comes behind their positions, so that what came in
 * between is read again, and the log behind everything that refers to it, so that no position is beyond its end.
 */
function inOrderOfReading(names: readonly string[]): readonly string[] {
  const others = names.filter((name) => !POSITIONS.includes(name) && !LOG.includes(name));
  return [...POSITIONS, ...others, ...LOG].filter((name) => names.includes(name));
}

interface SavedRepositories {
  readonly repositories: ArchiveContent['repositories'];
  /** Why the others cannot be read, by their names. */
  readonly unsaved: ReadonlyMap<string, string>;
}

async function saveRepositories(store: string, folder: string, archive: TarWriter): Promise<SavedRepositories> {
  const repositories: ArchiveContent['repositories'] = [];
  const unsaved = new Map<string, string>();
  for (const name of await repositoryNames(store)) {
    const file = `repositories/${name}.bundle`;
    const temporary = join(folder, 'repository.bundle');
    try {
      const { defaultBranch } = await bundleRepository(store, name, temporary);
      await archive.addFile(file, temporary);
      repositories.push({ name, defaultBranch, file });
    } catch (error) {
      if (!(error instanceof GitStoreError)) throw error;
      // One that is no longer there was deleted meanwhile: it is not part of what is saved.
      if ((await repositoryNames(store)).includes(name)) unsaved.set(name, error.message);
    } finally {
      await rm(temporary, { force: true });
    }
  }
  return { repositories, unsaved };
}

/** Credentials of upstreams and the keys of their hosts; not the private keys that lie there while ssh runs. */
async function saveCredentials(dataFolder: string, archive: TarWriter): Promise<string[]> {
  const entries = await readdir(join(dataFolder, CREDENTIALS_FOLDER), { recursive: true }).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const files = entries.filter((name) => /^[^./]+(?:\.json|\.ssh\/known_hosts)$/.test(name)).sort();
  for (const file of files) {
    await archive.addFile(join(CREDENTIALS_FOLDER, file), join(dataFolder, CREDENTIALS_FOLDER, file));
  }
  return files.map((file) => join(CREDENTIALS_FOLDER, file));
}
