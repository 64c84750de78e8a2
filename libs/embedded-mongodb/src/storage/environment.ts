import { CommandError } from '../errors';
import { type ByteMap } from './byte-map';
import { type ChangeSet } from './change-set';
import { LayeredMap } from './layered-map';
import { LmdbFiles } from './lmdb-files';
import { type MapChange, RecordReader, writeRecord } from './log-record';
import { type LogSection, WriteAheadLog } from './write-ahead-log';

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
/** Memory of changes, bytes, at which they are moved to LMDB; twice as much is used while they are. */
const MOVE_AT_BYTES = 16 * 1024 * 1024;
/** A store that nobody writes to for this time (ms) moves what it has, so that its memory and its next start are small. */
const MOVE_WHEN_IDLE_MS = 1_000;
/** In the order of their numbers in the log. */
const MAPS = ['catalog', 'records', 'entries', 'trash', 'counts'] as const;

/**
 * What is stored where, and the one place where writing happens.
 *
 * A write is durable when it is in the log, which takes one short write to the disk for a whole group. It is kept in memory as
 * well, and moved to LMDB later together with thousands of others: there each change rewrites pages of 4 KiB, which many
 * changes in the order of their keys share.
 *
 * Reads see the last durable group, or the group's own writes within an operation of `write`. All reads of one synchronous
 * stretch see the same state.
 */
export class Environment {
  /** Descriptions of collections by their id. */
  readonly catalog: ByteMap;
  /** Documents by collection id and record id. */
  readonly records: ByteMap;
  /** Index entries by index id, encoded values and record id. */
  readonly entries: ByteMap;
  /** What is still to be removed of dropped collections and indexes. */
  readonly trash: ByteMap;
  /** Numbers of documents by collection id. */
  readonly counts: ByteMap;

  private readonly lmdb: LmdbFiles;
  private readonly maps: readonly LayeredMap[];
  private readonly log: WriteAheadLog;
  private queue: PendingWrite[] = [];
  private isInGroup = false;
  private committing: Promise<void> | undefined;
  private moving: Promise<void> | undefined;
  /** What is on its way to LMDB. */
  private unmoved: { readonly section: LogSection; readonly changes: readonly ChangeSet[] } | undefined;
  private idle: NodeJS.Timeout | undefined;

  /**
   * @param folder where the files are
   * @param hooks what goes with every group of writes
   * @param moveWhenIdleMs see {@link MOVE_WHEN_IDLE_MS}
   */
  constructor(
    folder: string,
    private readonly hooks: GroupHooks,
    private readonly moveWhenIdleMs = MOVE_WHEN_IDLE_MS,
  ) {
    this.lmdb = new LmdbFiles(folder, MAPS);
    const maps = this.lmdb.databases.map((database) => new LayeredMap(database));
    [this.catalog, this.records, this.entries, this.trash, this.counts] = maps as [
      LayeredMap,
      LayeredMap,
      LayeredMap,
      LayeredMap,
      LayeredMap,
    ];
    this.maps = maps;
    this.log = new WriteAheadLog(folder);
  }

  /** True within an operation of `write`. */
  get isWriting(): boolean {
    return this.isInGroup;
  }

  /**
   * Runs an operation in a group with the operations waiting beside it (group commit), and resolves once that is on disk. An
   * operation that fails with a CommandError must not have written anything; any other failure undoes the whole group.
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
      this.committing ??= this.commitAll();
    });
  }

  /**
   * Makes this process the only one that writes, an older one that still runs fails from then on, and takes in what is in the
   * log.
   *
   * @throws Error when the files were written by a version with another format, or are damaged
   */
  async takeOver(): Promise<void> {
    await this.lmdb.takeOver();
    const names = await this.log.find();
    for (const name of names) await this.takeIn(name, name === names.at(-1));
    await this.log.remove(this.log.cut());
  }

  /** Waits for what was written, moves it to LMDB and closes the files. */
  async close(): Promise<void> {
    while (this.committing !== undefined) await this.committing;
    clearTimeout(this.idle);
    // What cannot be moved now stays in the log.
    await this.moveAll().catch(() => undefined);
    await this.log.close();
    await this.lmdb.close();
  }

  private get loggedBytes(): number {
    return this.maps.reduce((sum, map) => sum + map.loggedBytes, 0);
  }

  private async commitAll(): Promise<void> {
    clearTimeout(this.idle);
    // Lets everything that was read from the sockets in this turn into the first group.
    await Promise.resolve();
    while (this.queue.length > 0) await this.commitGroup();
    this.committing = undefined;
    this.idle = setTimeout(() => {
      if (this.committing === undefined) void this.moveAll().catch(() => undefined);
    }, this.moveWhenIdleMs).unref();
  }

  private async commitGroup(): Promise<void> {
    const members: PendingWrite[] = [];
    try {
      await this.makeRoom();
      const { acknowledgements, written } = this.runGroup(members);
      const isChange = written.some(({ size }) => size > 0);
      if (isChange) await this.log.append(writeRecord(written.map((changes) => [...changes.all()])));
      // After the append: whoever took over before it may not have seen it in the log, whoever does later will.
      this.lmdb.assertOwner();
      for (const [index, changes] of written.entries()) this.maps[index]?.accept(changes);
      for (const acknowledge of acknowledgements) acknowledge();
      // Readers get their turn also between groups that changed nothing.
      if (!isChange) await new Promise((resolve) => setImmediate(resolve));
    } catch (error) {
      this.hooks.onAbort();
      // Without members there was no room, and those that wait have to know.
      if (members.length === 0) members.push(...this.queue.splice(0));
      for (const member of members) member.fail(error);
    }
  }

  private runGroup(members: PendingWrite[]): {
    readonly acknowledgements: readonly (() => void)[];
    readonly written: readonly ChangeSet[];
  } {
    const acknowledgements: (() => void)[] = [];
    const deadline = performance.now() + GROUP_TIME_MS;
    let written: readonly ChangeSet[] = [];
    this.isInGroup = true;
    for (const map of this.maps) map.begin();
    try {
      for (let next = this.queue.shift(); next !== undefined; next = this.queue.shift()) {
        members.push(next);
        acknowledgements.push(next.run());
        if (performance.now() >= deadline) break;
      }
      this.hooks.beforeCommit();
    } finally {
      this.isInGroup = false;
      written = this.maps.map((map) => map.end());
    }
    return { acknowledgements, written };
  }

  /** Bounds the memory: writes wait when LMDB cannot keep up with them, and fail when it takes nothing. */
  private async makeRoom(): Promise<void> {
    if (this.loggedBytes < MOVE_AT_BYTES) return;
    if (this.unmoved !== undefined) await this.move();
    void this.move().catch(() => undefined);
  }

  private async moveAll(): Promise<void> {
    if (this.unmoved !== undefined) await this.move();
    if (this.loggedBytes > 0) await this.move();
  }

  /** Moves what is in the log to LMDB, or goes on with that; to be begun between two groups. */
  private move(): Promise<void> {
    this.moving ??= this.moveOnce().finally(() => {
      this.moving = undefined;
    });
    return this.moving;
  }

  private async moveOnce(): Promise<void> {
    this.unmoved ??= { section: this.log.cut(), changes: this.maps.map((map) => map.beginMove()) };
    const { changes, section } = this.unmoved;
    await this.lmdb.store(mapChanges(changes));
    for (const map of this.maps) map.endMove();
    this.unmoved = undefined;
    await this.log.remove(section);
  }

  /** @throws Error when a record is damaged that was written whole */
  private async takeIn(name: string, isLast: boolean): Promise<void> {
    const reader = new RecordReader(await this.log.read(name));
    for (let changes = reader.next(); changes !== undefined; changes = reader.next()) await this.lmdb.store(changes);
    // Only the record that was being written when the process ended can be cut off.
    if (!isLast && !reader.isAtEnd) throw new Error(`${name} is damaged`);
  }
}

/** @param changes by the number of their map */
function* mapChanges(changes: readonly ChangeSet[]): Generator<MapChange, void, undefined> {
  for (const [map, ofMap] of changes.entries()) {
    for (const change of ofMap.all()) yield { ...change, map };
  }
}
