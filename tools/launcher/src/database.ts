import { startEmbeddedMongodb, StoreFolderInUseError } from '@keptn/embedded-mongodb';
import { type DataFolder } from './data-folder';
import { StartFailure } from './start-failure';

/** The database that the services share. */
export interface Database {
  readonly uri: string;
  /** For the person who starts the system; holds no password. */
  readonly description: string;
  close(): Promise<void>;
}

/** Name of the database, as in the original. */
const DATABASE_NAME = 'keptn';

/** Between two looks of a service whether the store is there, which ends with the services only; in milliseconds. */
const HEARTBEAT_MS = 60_000;

/** How long a MongoDB has to answer, in milliseconds. */
const REACH_TIMEOUT_MS = 8_000;

/**
 * @param uri MONGODB_URI; without one the embedded store in the data folder is started
 * @param shared whether an embedded store that another process runs in the folder may be used with it
 * @throws StartFailure
 */
export function openDatabase(uri: string | undefined, folder: DataFolder, shared: boolean): Promise<Database> {
  return uri === undefined ? startEmbedded(folder, shared) : reach(uri);
}

/** For services that keep nothing in a database. */
export const NO_DATABASE: Database = { uri: '', description: 'none', close: () => Promise.resolve() };

const startEmbedded = async (folder: DataFolder, shared: boolean): Promise<Database> => {
  const description = `embedded, in ${folder.store}`;
  try {
    const store = await startEmbeddedMongodb({ folder: folder.store });
    const uri = `${store.uri(DATABASE_NAME)}?heartbeatFrequencyMS=${HEARTBEAT_MS}`;
    return { uri, description, close: () => store.close() };
  } catch (error) {
    if (shared && error instanceof StoreFolderInUseError && error.socketPath !== undefined) {
      const uri = `mongodb://${encodeURIComponent(error.socketPath)}/${DATABASE_NAME}`;
      return { uri, description, close: () => Promise.resolve() };
    }
    throw new StartFailure(`the embedded store cannot start: ${messageOf(error)}`, { cause: error });
  }
};

const reach = async (uri: string): Promise<Database> => {
  const address = withoutCredentials(uri);
  // Only who has a MongoDB needs its driver here.
  const { default: mongoose } = await import('mongoose');
  const connection = mongoose.createConnection();
  try {
    await connection.openUri(uri, { serverSelectionTimeoutMS: REACH_TIMEOUT_MS });
  } catch (error) {
    throw new StartFailure(
      `MongoDB cannot be reached at ${address} (MONGODB_URI): start it, mend the address, or unset MONGODB_URI to use the ` +
        'embedded store',
      { cause: error },
    );
  } finally {
    await connection.close();
  }
  return { uri, description: address, close: () => Promise.resolve() };
};

const withoutCredentials = (uri: string): string => uri.replace(/\/\/[^@/]*@/, '//').replace(/\?.*$/, '');

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
