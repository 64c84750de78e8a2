import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
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

/** Where the entries of a journal go in the end; what it is given is durable when it answers. It may be given an entry twice. */
export interface AuditDestination {
  record(entries: readonly AuditEntry[]): Promise<void>;
  complete(results: readonly AuditResult[]): Promise<void>;
}

interface Segment {
  readonly path: string;
  readonly file: FileHandle;
  lines: number;
  /** Resolves when nothing is being appended. */
  idle: Promise<unknown>;
}

const GROUP_LIMITS = { items: 500, size: 500, groups: 1 };
const ENDING = '.ndjson';
/** Lines of a file, which is read whole when it is sent. */
const LARGEST_SEGMENT = 20_000;
/** Entries are listed this late at most, while their destination answers. */
const SENDING_DELAY_MS = 200;
const RETRY_DELAY_MS = 2_000;

/**
 * The audit log of a service with a disk of its own. An entry is durable in a file before its change begins, which costs one synced
 * append for all that come at the same time; from there entries and results go to their destination together. While that is away they
 * wait in the folder, also across restarts.
 */
export class AuditJournal implements AuditTrail {
  private readonly lines = new GroupCommit<Line, undefined>(GROUP_LIMITS, (lines) => this.append(lines));
  private opened: Promise<void> | undefined;
  private readonly unsent: string[] = [];
  private current: Segment | undefined;
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
      await this.lines.add({ entry }, 1);
    } catch (failure) {
      await this.destination.record([entry]).catch(() => {
        throw asFailure(failure);
      });
    }
  }

  /** Resolves when the result outlives this process; with the next entry it also outlives the machine. */
  async end(result: AuditResult): Promise<void> {
    try {
      await this.lines.add({ result }, 1);
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
    await this.current?.file.close();
  }

  /** Tries again with the next entry when it fails. */
  private open(): Promise<void> {
    this.opened ??= this.findUnsent().catch((error: unknown) => {
      this.opened = undefined;
      throw error;
    });
    return this.opened;
  }

  private async findUnsent(): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    const names = (await readdir(this.folder)).filter((name) => name.endsWith(ENDING)).sort();
    if (names.length === 0) return;
    this.unsent.push(...names.map((name) => join(this.folder, name)));
    this.sendAfter(0);
  }

  private async append(lines: readonly Line[]): Promise<undefined[]> {
    await this.open();
    if (this.current !== undefined && this.current.lines >= LARGEST_SEGMENT) await this.endSegment();
    this.current ??= await this.newSegment();
    const segment = this.current;
    segment.lines += lines.length;
    const appended = appendTo(segment.file, lines);
    segment.idle = appended.catch(() => undefined);
    try {
      await appended;
    } catch (error) {
      // A line may be there in part, so that nothing can follow it.
      await this.endSegment();
      throw error;
    } finally {
      this.sendAfter(SENDING_DELAY_MS);
    }
    return lines.map(() => undefined);
  }

  private async newSegment(): Promise<Segment> {
    const path = join(this.folder, `${Date.now()}-${randomUUID()}${ENDING}`);
    const file = await open(path, 'ax', 0o600);
    try {
      await syncFolder(this.folder);
    } catch (error) {
      await file.close();
      throw error;
    }
    return { path, file, lines: 0, idle: Promise.resolve() };
  }

  private async endSegment(): Promise<void> {
    const segment = this.current;
    if (segment === undefined) return;
    this.current = undefined;
    this.unsent.push(segment.path);
    await segment.idle;
    await segment.file.close();
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
      await this.sendEnded();
      await this.endSegment();
      await this.sendEnded();
    } catch (error) {
      this.logger.warn({ err: error }, 'entries of the audit log wait on disk until api-service takes them');
      this.sendAfter(RETRY_DELAY_MS);
    }
  }

  private async sendEnded(): Promise<void> {
    for (let path = this.unsent[0]; path !== undefined; path = this.unsent[0]) {
      await this.sendSegment(path);
      this.unsent.shift();
    }
  }

  private async sendSegment(path: string): Promise<void> {
    const content = contentOf(await readFile(path, 'utf8'));
    const refused = await this.refusedOf(content);
    if (refused.length > 0) {
      const file = `${path}.refused`;
      await writeFile(file, linesOf(refused), { mode: 0o600 });
      this.logger.error({ file, count: refused.length }, 'api-service refuses entries of the audit log; they are kept');
    }
    await rm(path);
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

/** Waits until the name of a new file is on disk. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  await folder.sync().finally(() => folder.close());
}

async function appendTo(file: FileHandle, lines: readonly Line[]): Promise<void> {
  await file.appendFile(linesOf(lines));
  if (lines.some((line) => 'entry' in line)) await file.datasync();
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
