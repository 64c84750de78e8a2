import { randomUUID } from 'node:crypto';
import { type Database, open, type RootDatabase } from 'lmdb';
import { CommandError } from '../errors';

/** An ordered map of bytes to bytes. */
export type ByteMap = Database<Buffer, Buffer>;

/** What goes with every group of writes. */
export interface GroupHooks {
  /** Adds to the group's writes before they are committed. */
  readonly beforeCommit: () => void;
  /** Told when a group was undone, as state in memory may be ahead of the store then. */
  readonly onAbort: () => void;
}

interface PendingWrite {
  /** Runs the operation; returns what to do once the group is durable. */
  readonly run: () => () => void;
  readonly fail: (error: unknown) => void;
}

/** Writers that come after this time (ms) wait for the next group, so that a group cannot block readers for long. */
const GROUP_TIME_MS = 40;

/** The form of keys and values; another number for every change that older versions would misread. */
const FORMAT = '1';
const FORMAT_KEY = Buffer.from('format');
/** The key under which the process that may write is named. */
const OWNER_KEY = Buffer.from('owner');

const BYTES = { encoding: 'binary', keyEncoding: 'binary' } as const;

/**
 * The LMDB environment: what is stored where, and the one place where writing happens.
 *
 * Reads see the last commit, or the group's own writes within an operation of `write`. All reads of one synchronous
 * stretch see the same state.
 */
export class Environment {
  /** Descriptions of collections by their id. */
  readonly catalog: ByteMap;
  /** Documents by collection id and record id. */
  readonly records: ByteMap;
  /** Index entries by index id, encoded values and record id. */
  readonly entries: ByteMap;
  /** Numbers of documents by collection id. */
  readonly counts: ByteMap;
  /** What is still to be removed of dropped collections and indexes. */
  readonly trash: ByteMap;

  private readonly owners: ByteMap;
  private readonly root: RootDatabase<Buffer, Buffer>;
  private queue: PendingWrite[] = [];
  private isScheduled = false;
  private isInGroup = false;
  private readonly groups = new Set<Promise<void>>();
  private readonly owner = Buffer.from(randomUUID());

  /**
   * @param folder where the files are
   * @param hooks what goes with every group of writes
   */
  constructor(
    folder: string,
    private readonly hooks: GroupHooks,
  ) {
    // A commit ends with its fsync, so that what can be read is durable and an acknowledged write is, too.
    this.root = open<Buffer, Buffer>({ path: folder, noSubdir: false, maxDbs: 7, overlappingSync: false, ...BYTES });
    this.catalog = this.root.openDB<Buffer, Buffer>({ name: 'catalog', ...BYTES });
    this.records = this.root.openDB<Buffer, Buffer>({ name: 'records', ...BYTES });
    this.entries = this.root.openDB<Buffer, Buffer>({ name: 'entries', ...BYTES });
    this.trash = this.root.openDB<Buffer, Buffer>({ name: 'trash', ...BYTES });
    this.counts = this.root.openDB<Buffer, Buffer>({ name: 'counts', ...BYTES });
    this.owners = this.root.openDB<Buffer, Buffer>({ name: 'owners', ...BYTES });
  }

  /** True within an operation of `write`. */
  get isWriting(): boolean {
    return this.isInGroup;
  }

  /**
   * Runs an operation in a write transaction that it shares with the operations waiting beside it (group commit), and
   * resolves once that is on disk. An operation that fails with a CommandError must not have written anything; any
   * other failure undoes the whole group.
   *
   * @param operation reads and writes synchronously
   */
  write<T>(operation: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const run = (): (() => void) => {
        try {
          const result = operation();
          return () => {
            resolve(result);
          };
        } catch (error) {
          if (!(error instanceof CommandError)) throw error;
          return () => {
            reject(error);
          };
        }
      };
      this.queue.push({ run, fail: reject });
      this.schedule();
    });
  }

  /**
   * Makes this process the only one that writes: an older one that still runs fails from then on.
   *
   * @throws Error when the files were written by a version with another format
   */
  async takeOver(): Promise<void> {
    const format = this.owners.get(FORMAT_KEY)?.toString() ?? FORMAT;
    if (format !== FORMAT) throw new Error(`its format is ${format}, this version reads format ${FORMAT}`);
    await this.root.transaction(() => {
      void this.owners.put(FORMAT_KEY, Buffer.from(FORMAT));
      void this.owners.put(OWNER_KEY, this.owner);
    });
  }

  /** Waits for what was written and closes the files. */
  async close(): Promise<void> {
    while (this.groups.size > 0) await Promise.all(this.groups);
    await this.root.close();
  }

  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    const group = this.commitGroup();
    this.groups.add(group);
    void group.finally(() => this.groups.delete(group));
  }

  private async commitGroup(): Promise<void> {
    const members: PendingWrite[] = [];
    const acknowledgements: (() => void)[] = [];
    try {
      await this.root.childTransaction(() => {
        this.isScheduled = false;
        this.isInGroup = true;
        try {
          this.runGroup(members, acknowledgements);
          this.hooks.beforeCommit();
        } finally {
          this.isInGroup = false;
        }
      });
    } catch (error) {
      swallowCommitError(error);
      this.hooks.onAbort();
      // Without members the transaction could not even begin, and those that wait for it have to know.
      if (members.length === 0) {
        this.isScheduled = false;
        members.push(...this.queue.splice(0));
      }
      for (const member of members) member.fail(error);
      if (this.queue.length > 0) this.schedule();
      return;
    }
    for (const acknowledge of acknowledgements) acknowledge();
  }

  private runGroup(members: PendingWrite[], acknowledgements: (() => void)[]): void {
    if (this.owners.get(OWNER_KEY)?.equals(this.owner) !== true) {
      members.push(...this.queue.splice(0));
      throw new Error('another process took over the folder of the embedded MongoDB');
    }
    const deadline = performance.now() + GROUP_TIME_MS;
    const waiting = this.queue;
    while (waiting.length > 0 && performance.now() < deadline) {
      const next = waiting.shift();
      if (next === undefined) break;
      members.push(next);
      acknowledgements.push(next.run());
    }
    // lmdb refuses a new transaction from within one.
    if (waiting.length > 0) {
      setImmediate(() => {
        this.schedule();
      });
    }
  }
}

/** lmdb hangs a second rejected promise with the cause on its error; nobody else would take note of it. */
function swallowCommitError(error: unknown): void {
  if (!(error instanceof Error) || !('commitError' in error) || !(error.commitError instanceof Promise)) return;
  error.commitError.catch((cause: unknown) => {
    error.cause = cause;
  });
}
