import { constants, type FileHandle, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

const NAME = /^log-(\d{12})$/;

/** Where the system knows the flag, a write returns when it is on the disk. */
const IS_DURABLE_AT_ONCE = process.platform === 'linux';
const FLAGS = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | (IS_DURABLE_AT_ONCE ? constants.O_DSYNC : 0);

/** Files of the log that were closed off together. */
export interface LogSection {
  readonly names: readonly string[];
  readonly file: FileHandle | undefined;
}

/**
 * What was written and is not in LMDB yet, as files that only grow. When their content is in LMDB they are removed, and a new
 * one is begun.
 */
export class WriteAheadLog {
  private file: FileHandle | undefined;
  private lastNumber = 0;
  private end = 0;
  /** Whether a part of a record may be behind the end. */
  private isCutOff = false;
  private hasFailed = false;
  /** Oldest first. */
  private names: string[] = [];
  private unremoved: string[] = [];

  constructor(private readonly folder: string) {}

  /** Finds the files that an earlier process left. @returns their names, oldest first */
  async find(): Promise<readonly string[]> {
    this.names = (await readdir(this.folder)).filter((name) => NAME.test(name)).sort();
    this.lastNumber = Number(NAME.exec(this.names.at(-1) ?? '')?.[1] ?? 0);
    return this.names;
  }

  read(name: string): Promise<Buffer> {
    return readFile(join(this.folder, name));
  }

  /** True when the last record could not be written. */
  get isFailing(): boolean {
    return this.hasFailed;
  }

  /** Resolves once the record is on the disk. A record that failed leaves nothing behind. @throws the system's error */
  async append(record: Buffer): Promise<void> {
    try {
      const file = (this.file ??= await this.begin());
      if (this.isCutOff) await this.removeCutOff(file);
      await this.write(file, record);
      this.hasFailed = false;
    } catch (error) {
      this.hasFailed = true;
      throw error;
    }
  }

  private async write(file: FileHandle, record: Buffer): Promise<void> {
    this.isCutOff = true;
    try {
      for (let written = 0; written < record.length;) {
        // A disk that takes only a part says why when it is asked to take the rest.
        written += (await file.write(record, written, record.length - written, this.end + written)).bytesWritten;
      }
      if (!IS_DURABLE_AT_ONCE) await file.datasync();
    } catch (error) {
      // When that fails as well, it is tried again before the next record.
      await this.removeCutOff(file).catch(() => undefined);
      throw error;
    }
    this.end += record.length;
    this.isCutOff = false;
  }

  /** What comes behind a record that is cut off would not be found again. */
  private async removeCutOff(file: FileHandle): Promise<void> {
    await file.truncate(this.end);
    this.isCutOff = false;
  }

  /** Closes off what there is; the next record begins a new file. Not while one is being appended. */
  cut(): LogSection {
    const section = { names: this.names, file: this.file };
    this.names = [];
    this.file = undefined;
    return section;
  }

  /** Removes a section whose content is in LMDB. */
  async remove({ names, file }: LogSection): Promise<void> {
    await file?.close();
    // Oldest first, and none before its elders: read again without them it would bring back what they had replaced.
    this.unremoved.push(...names);
    for (let name = this.unremoved[0]; name !== undefined; name = this.unremoved[0]) {
      await rm(join(this.folder, name), { force: true });
      this.unremoved.shift();
    }
  }

  /** Keeps the bytes of a damaged file under a name that is no log's. @returns the name */
  async setAside(name: string): Promise<string> {
    const newName = `damaged-${Date.now()}-${name}`;
    await rename(join(this.folder, name), join(this.folder, newName));
    return newName;
  }

  async close(): Promise<void> {
    await this.file?.close();
  }

  private async begin(): Promise<FileHandle> {
    const name = `log-${String(this.lastNumber + 1).padStart(12, '0')}`;
    const file = await open(join(this.folder, name), FLAGS, 0o600);
    this.lastNumber++;
    this.names.push(name);
    this.end = 0;
    this.isCutOff = false;
    await syncFolder(this.folder);
    return file;
  }
}

/** Without it the file may be gone after a power failure, however durable its content is. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
