import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type BridgeCredentials, bridgeCredentials } from '@keptn/api-models';
import { type BridgeCredentialsStore } from './bridge-credentials.store';

const FILE = 'bridge-credentials.json';

/** A file in the data folder that only the owner of this process can read. Nothing restarts a Bridge outside of a cluster. */
export class CredentialsFile implements BridgeCredentialsStore {
  private readonly file: string;

  constructor(private readonly folder: string) {
    this.file = join(folder, FILE);
  }

  async read(): Promise<BridgeCredentials | undefined> {
    try {
      return bridgeCredentials.parse(JSON.parse(await readFile(this.file, 'utf8')));
    } catch (error) {
      if (isMissing(error)) {
        return undefined;
      }
      // The reason could quote the file, which holds a password.
      throw new Error(`${FILE} cannot be read`);
    }
  }

  async save(credentials: BridgeCredentials): Promise<void> {
    const temporary = `${this.file}.${randomBytes(8).toString('hex')}`;
    try {
      await writeSynced(temporary, JSON.stringify(credentials));
      await rename(temporary, this.file);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    await syncFolder(this.folder);
  }
}

async function writeSynced(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';
