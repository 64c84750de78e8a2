import { constants, type FileHandle, open, readdir, readFile, rm } from 'node:fs/promises';
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
  private isBroken = false;
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

  /** Resolves once the record is on the disk. A record that failed leaves nothing behind. */
  async append(record: Buffer): Promise<void> {
    if (this.isBroken) throw new Error('the log could not be mended after a failure; start again');
    const file = (this.file ??= await this.begin());
    try {
      const { bytesWritten } = await file.write(record, 0, record.length, this.end);
      if (bytesWritten < record.length) throw new Error('the disk took only a part of a record');
      if (!IS_DURABLE_AT_ONCE) await file.datasync();
      this.end += record.length;
    } catch (error) {
      // What comes behind a broken record would not be found again.
      await file.truncate(this.end).catch(() => {
        this.isBroken = true;
      });
      throw error;
    }
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

  async close(): Promise<void> {
    await this.file?.close();
  }

  private async begin(): Promise<FileHandle> {
    const name = `log-${String(this.lastNumber + 1).padStart(12, '0')}`;
    const file = await open(join(this.folder, name), FLAGS, 0o600);
    this.lastNumber++;
    this.names.push(name);
    this.end = 0;
    await syncFolder(this.folder);
    return file;
  }
}

/** Without it the file may be gone after a power failure, however durable its content is. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
