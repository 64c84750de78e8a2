import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AuditEntry, type AuditResult } from '@keptn/api-models';
import {
  type AuditTrail,
  GroupCommit,
  InsufficientStorage,
  ServiceError,
  ServiceUnavailable,
} from '@keptn/service-kit';
import { type Logger } from 'pino';
import { type Content, contentOf, type Line, linesOf } from './audit-lines';
import { JournalFile } from './journal-file';

/** Where the entries of a journal go in the end; what it is given is durable when it answers. It may be given an entry twice. */
export interface AuditDestination {
  record(entries: readonly AuditEntry[]): Promise<void>;
  complete(results: readonly AuditResult[]): Promise<void>;
}

/** A file of an earlier process, or one that takes no more lines. */
interface LeftFile {
  readonly path: string;
  /** Where the lines begin that were not sent, in bytes. */
  readonly position: number;
}

const GROUP_LIMITS = { items: 500, size: 500, groups: 1 };
const ENDING = '.ndjson';
/** Bytes to be sent of one file, which are read together. */
const LARGEST_FILE = 8 * 1024 * 1024;
/** Entries are listed this late at most, while their destination answers. */
const SENDING_DELAY_MS = 200;
const RETRY_DELAY_MS = 2_000;

/**
 * The audit log of a service with a disk of its own. An entry is durable in a file before its change begins, which costs one synced
 * append for all that come at the same time; from there entries and results go to their destination together. While that is away they
 * wait in the folder, also across restarts.
 */
export class AuditJournal implements AuditTrail {
  private readonly entries = new GroupCommit<AuditEntry, undefined>(GROUP_LIMITS, (entries) => this.write(entries));
  private opened: Promise<void> | undefined;
  private readonly left: LeftFile[] = [];
  private file: JournalFile | undefined;
  private replacing: Promise<JournalFile> | undefined;
  private sending: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;
  private isClosed = false;

  /** @param folder of the journal alone; it is created when missing */
  constructor(
    private readonly folder: string,
    private readonly destination: AuditDestination,
    private readonly logger: Logger,
  ) {
    this.open().catch((error: unknown) => {
      logger.error({ err: error }, 'the folder of the audit log cannot be used, so that changes are refused');
    });
  }

  /** Goes straight to the destination where the disk takes nothing: a full one is freed by changes as well, such as a deletion. */
  async begin(entry: AuditEntry): Promise<void> {
    try {
      await this.entries.add(entry, 1);
    } catch (failure) {
      await this.destination.record([entry]).catch(() => {
        throw asFailure(failure);
      });
    }
  }

  /** Resolves when the result outlives this process; with the next entry it also outlives the machine. */
  async end(result: AuditResult): Promise<void> {
    try {
      const file = await this.usableFile();
      file.append(linesOf([{ result }]));
      this.sendAfter(SENDING_DELAY_MS);
    } catch {
      await this.sendNow();
      await this.destination.complete([result]);
    }
  }

  /** Gives what is left to the destination, if that answers. */
  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.timer);
    await this.sendNow();
    const { file } = this;
    this.file = undefined;
    await (file?.pending === 0 ? file.remove() : file?.close());
  }

  /** Tries again with the next entry when it fails. */
  private open(): Promise<void> {
    this.opened ??= this.findLeft().catch((error: unknown) => {
      this.opened = undefined;
      throw error;
    });
    return this.opened;
  }

  private async findLeft(): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    const names = (await readdir(this.folder)).filter((name) => name.endsWith(ENDING)).sort();
    if (names.length === 0) return;
    this.left.push(...names.map((name) => ({ path: join(this.folder, name), position: 0 })));
    this.sendAfter(0);
  }

  private async write(entries: readonly AuditEntry[]): Promise<undefined[]> {
    const file = await this.usableFile();
    this.sendAfter(SENDING_DELAY_MS);
    file.append(linesOf(entries.map((entry) => ({ entry }))));
    await file.sync();
    return entries.map(() => undefined);
  }

  private usableFile(): Promise<JournalFile> {
    const { file } = this;
    if (file?.isUsable === true && file.pending <= LARGEST_FILE) return Promise.resolve(file);
    this.replacing ??= this.replaceFile().finally(() => {
      this.replacing = undefined;
    });
    return this.replacing;
  }

  private async replaceFile(): Promise<JournalFile> {
    await this.open();
    await this.leaveFile();
    this.file = await JournalFile.create(this.folder, `${Date.now()}-${randomUUID()}${ENDING}`);
    return this.file;
  }

  private async leaveFile(): Promise<void> {
    const { file } = this;
    if (file === undefined) return;
    this.file = undefined;
    this.left.push({ path: file.path, position: file.position });
    await file.close();
  }

  private sendAfter(ms: number): void {
    if (this.isClosed) return;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      void this.sendNow();
    }, ms).unref();
  }

  private sendNow(): Promise<void> {
    this.sending = this.sending.then(() => this.send());
    return this.sending;
  }

  /** Sends everything, oldest first. */
  private async send(): Promise<void> {
    try {
      for (let file = this.left[0]; file !== undefined; file = this.left[0]) {
        await this.sendLines(await linesBehind(file));
        await rm(file.path, { force: true });
        this.left.shift();
      }
      await this.file?.take((lines) => this.sendLines(lines));
    } catch (error) {
      this.logger.warn({ err: error }, 'entries of the audit log wait on disk until api-service takes them');
      this.sendAfter(RETRY_DELAY_MS);
    }
  }

  private async sendLines(lines: string): Promise<void> {
    const content = contentOf(lines);
    const refused = await this.refusedOf(content);
    await this.keep(linesOf(refused), 'refused', 'api-service refuses entries of the audit log; they are kept');
    const damaged = content.damaged.map((line) => `${line}\n`).join('');
    await this.keep(damaged, 'damaged', 'lines of the audit log are damaged; they are kept');
  }

  private async keep(lines: string, ending: string, message: string): Promise<void> {
    if (lines === '') return;
    const file = join(this.folder, `${Date.now()}-${randomUUID()}${ENDING}.${ending}`);
    await writeFile(file, lines, { mode: 0o600 });
    this.logger.error({ file }, message);
  }

  /** Sends all together or, when the destination refuses that, each alone, so that a single one stays behind. */
  private async refusedOf({ entries, results }: Content): Promise<readonly Line[]> {
    const lines = [...entries.map((entry) => ({ entry })), ...results.map((result) => ({ result }))];
    if (await this.isTaken(entries, results)) return [];
    const refused: Line[] = [];
    for (const line of lines) {
      const isTaken = 'entry' in line ? this.isTaken([line.entry], []) : this.isTaken([], [line.result]);
      if (!(await isTaken)) refused.push(line);
    }
    return refused;
  }

  /** False when the same content would be refused again. */
  private async isTaken(entries: readonly AuditEntry[], results: readonly AuditResult[]): Promise<boolean> {
    try {
      await this.destination.record(entries);
      await this.destination.complete(results);
      return true;
    } catch (error) {
      if (error instanceof ServiceError && (error.status === 400 || error.status === 413)) return false;
      throw error;
    }
  }
}

/** Nothing when somebody has removed the file: there is nobody else who could send it. */
async function linesBehind({ path, position }: LeftFile): Promise<string> {
  const content = await readFile(path).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  });
  return content.toString('utf8', position);
}

function asFailure(error: unknown): ServiceError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new InsufficientStorage('there is no space left to record changes: free some, then repeat the request', {
      cause: error,
    });
  }
  return new ServiceUnavailable('the change cannot be recorded, so it was not made; the log of the service says why', {
    cause: error,
  });
}
