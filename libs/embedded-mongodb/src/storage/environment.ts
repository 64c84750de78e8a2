import { CommandError } from '../errors';
import { type ByteMap } from './byte-map';
import { ChangeSet } from './change-set';
import { asCommandError } from './disk-failure';
import { LayeredMap } from './layered-map';
import { LmdbFiles } from './lmdb-files';
import { StoreDamaged } from './damage';
import { findLogDamages } from './log-damage';
import { inspectLog, type MapChange, readRecord, writeRecord } from './log-record';
import { DERIVED, MAPS } from './store-format';
import { type LogSection, WriteAheadLog } from './write-ahead-log';

/** What goes with every group of writes. */
export interface GroupHooks {
  /** Adds to the group's writes before they are committed. */
  readonly beforeCommit: () => void;
  /** Told when a group is what everybody sees. */
  readonly afterCommit: () => void;
  /** Told when a group was undone, as state in memory may be ahead of the store then. */
  readonly onAbort: () => void;
}

/**
 * When a write is done: once it is on the disk, or once everybody sees it. In the latter case it gets there before or together
 * with every later write, a moment later at most, and is lost if the process ends before that.
 */
export type Durability = 'on disk' | 'visible';

interface PendingWrite {
  readonly durability: Durability;
  /** Runs the operation; returns what to do once the group is done. */
  readonly run: () => () => void;
  readonly fail: (error: unknown) => void;
}

/** Writers that come after this time (ms) wait for the next group, so that a group cannot block readers for long. */
const GROUP_TIME_MS = 40;
/** Memory of changes, bytes, at which they are moved to LMDB; twice as much is used while they are. */
const MOVE_AT_BYTES = 16 * 1024 * 1024;
/**
 * After this time (ms) what was written is moved, however little it is, so that memory and the next start are small. Each move
 * waits for the disk several times, so that services at rest, which renew their leases, must not cause one a second.
 */
const MOVE_AFTER_MS = 10_000;
/** The longest time (ms) for which a write that is only visible waits for others to go to the disk with. */
const LOG_AFTER_MS = 50;
/** Whether a damaged store is refused, or what can be read of it is kept. */
export type WhenDamaged = 'refuse' | 'salvage';

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
  /** Changes that everybody sees and that are not in the log yet, by the number of their map. */
  private unlogged: ChangeSet[] = MAPS.map(() => new ChangeSet());
  private isInGroup = false;
  private committing: Promise<void> | undefined;
  private moving: Promise<void> | undefined;
  /** What is on its way to LMDB. */
  private unmoved: { readonly section: LogSection; readonly changes: readonly ChangeSet[] } | undefined;
  private moveLater: NodeJS.Timeout | undefined;
  private isMoveDue = false;
  private logLater: NodeJS.Timeout | undefined;

  /**
   * @param folder where the files are
   * @param hooks what goes with every group of writes
   * @param moveAfterMs see {@link MOVE_AFTER_MS}
   */
  constructor(
    folder: string,
    private readonly hooks: GroupHooks,
    private readonly moveAfterMs = MOVE_AFTER_MS,
  ) {
    this.lmdb = new LmdbFiles(folder);
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
   * Runs an operation in a group with the operations waiting beside it (group commit), and resolves once that is done. An
   * operation that fails with a CommandError must not have written anything; any other failure, unless nothing was written
   * before it, undoes the whole group.
   *
   * @param operation reads and writes synchronously
   */
  write<T>(operation: () => T, durability: Durability = 'on disk'): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const run = (): (() => void) => {
        const result = operation();
        return () => {
          resolve(result);
        };
      };
      this.queue.push({ durability, run, fail: reject });
      this.committing ??= this.commitAll();
    });
  }

  /**
   * Makes this process the only one that writes, an older one that still runs fails from then on, and takes in what is in the
   * log.
   *
   * @throws StoreDamaged when a log is damaged, unless what can be read is to be salvaged
   * @throws Error when the files were written by a version with another format
   */
  async takeOver(whenDamaged: WhenDamaged = 'refuse'): Promise<void> {
    const names = await this.log.find();
    const damages = await findLogDamages(this.log, names);
    if (damages.length > 0 && whenDamaged === 'refuse') throw new StoreDamaged(damages);
    await this.lmdb.takeOver();
    for (const name of names) await this.takeIn(name, whenDamaged);
    if (damages.length > 0) for (const name of names) await this.log.setAside(name);
    await this.log.remove(this.log.cut());
  }

  /** Waits for what was written, moves it to LMDB and closes the files. */
  async close(): Promise<void> {
    while (this.committing !== undefined) await this.committing;
    clearTimeout(this.moveLater);
    clearTimeout(this.logLater);
    try {
      await this.appendToLog();
      await this.moveAll();
    } catch {
      // What cannot be moved now stays in the log.
    }
    await this.log.close();
    await this.lmdb.close();
  }

  private get loggedBytes(): number {
    return this.maps.reduce((sum, map) => sum + map.loggedBytes, 0);
  }

  private async commitAll(): Promise<void> {
    // Lets everything that was read from the sockets in this turn into the first group.
    await Promise.resolve();
    while (this.queue.length > 0) await this.commitGroup();
    this.committing = undefined;
    if (this.loggedBytes === 0 && this.unmoved === undefined) return;
    this.moveLater ??= setTimeout(() => {
      this.moveLater = undefined;
      this.isMoveDue = this.loggedBytes > 0 || this.unmoved !== undefined;
      // Otherwise the next group begins with it.
      if (this.isMoveDue) this.committing ??= this.moveBetweenGroups();
    }, this.moveAfterMs).unref();
  }

  private async commitGroup(): Promise<void> {
    const members: PendingWrite[] = [];
    try {
      await this.makeRoom();
      const { acknowledgements, written } = await this.runGroup(members);
      // While the disk takes nothing, no write is acknowledged that would get there later.
      const isAwaited = this.log.isFailing || members.some(({ durability }) => durability === 'on disk');
      if (isAwaited) await this.appendToLog(written);
      // After the append: whoever took over before it may not have seen it in the log, whoever does later will.
      this.lmdb.assertOwner();
      for (const [index, changes] of written.entries()) this.maps[index]?.accept(changes);
      this.hooks.afterCommit();
      if (!isAwaited) this.leaveForLater(written);
      for (const acknowledge of acknowledgements) acknowledge();
    } catch (error) {
      this.hooks.onAbort();
      // Without members there was no room, and those that wait have to know.
      if (members.length === 0) members.push(...this.queue.splice(0));
      const failure = asCommandError(error);
      for (const member of members) member.fail(failure);
    }
  }

  private async runGroup(members: PendingWrite[]): Promise<{
    readonly acknowledgements: readonly (() => void)[];
    readonly written: readonly ChangeSet[];
  }> {
    const written = this.maps.map(() => new ChangeSet());
    const acknowledgements: (() => void)[] = [];
    const deadline = performance.now() + GROUP_TIME_MS;
    const runWaiting = (): void => {
      while (performance.now() < deadline) {
        const next = this.queue.shift();
        if (next === undefined) break;
        members.push(next);
        acknowledgements.push(outcomeOf(next, written));
      }
    };
    this.stage(written, runWaiting);
    // Readers get their turn, and what was sent together with the first over another connection joins them.
    await new Promise((resolve) => setImmediate(resolve));
    this.stage(written, () => {
      runWaiting();
      this.hooks.beforeCommit();
    });
    return { acknowledgements, written };
  }

  /** Runs work that writes to, and sees, the changes of a group. */
  private stage(written: readonly ChangeSet[], work: () => void): void {
    this.isInGroup = true;
    for (const [index, changes] of written.entries()) this.maps[index]?.begin(changes);
    try {
      work();
    } finally {
      this.isInGroup = false;
      for (const map of this.maps) map.end();
    }
  }

  /** Resolves once everything that is visible, and what is given, is on the disk. */
  private async appendToLog(written?: readonly ChangeSet[]): Promise<void> {
    const changes = this.unlogged.map((earlier, index) => [
      ...earlier.unordered(),
      ...(written?.[index]?.unordered() ?? []),
    ]);
    if (changes.every(({ length }) => length === 0)) return;
    await this.log.append(writeRecord(changes));
    this.unlogged = MAPS.map(() => new ChangeSet());
  }

  private leaveForLater(written: readonly ChangeSet[]): void {
    for (const [index, changes] of written.entries()) this.unlogged[index]?.take(changes);
    this.logLater ??= setTimeout(() => {
      this.logLater = undefined;
      // A write of nothing that waits for the disk takes along what came before; the next one is told if that fails.
      this.write(() => undefined).catch(() => undefined);
    }, LOG_AFTER_MS).unref();
  }

  /** Bounds the memory: writes wait when LMDB cannot keep up with them, and fail when it takes nothing. */
  private async makeRoom(): Promise<void> {
    if (this.loggedBytes < MOVE_AT_BYTES && !this.isMoveDue) return;
    this.isMoveDue = false;
    if (this.unmoved !== undefined) await this.move();
    await this.appendToLog();
    void this.move().catch(() => undefined);
  }

  private async moveBetweenGroups(): Promise<void> {
    try {
      await this.makeRoom();
    } catch {
      // The next that writes meets the same failure, and is told.
    }
    await this.commitAll();
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

  private async takeIn(name: string, whenDamaged: WhenDamaged): Promise<void> {
    const log = await this.log.read(name);
    for (const record of inspectLog(log).records) {
      const changes = readRecord(log, record);
      await this.lmdb.store(
        whenDamaged === 'salvage' ? changes.filter(({ map }) => !DERIVED.has(MAPS[map] ?? '')) : changes,
      );
    }
  }
}

/** Runs an operation; returns what to do once the group is done. @throws what undoes the group */
function outcomeOf({ run, fail }: PendingWrite, written: readonly ChangeSet[]): () => void {
  const before = bytesOf(written);
  try {
    return run();
  } catch (error) {
    if (!(error instanceof CommandError) && bytesOf(written) !== before) throw error;
    return () => {
      fail(error);
    };
  }
}

const bytesOf = (changes: readonly ChangeSet[]): number => changes.reduce((sum, { bytes }) => sum + bytes, 0);

/** @param changes by the number of their map */
function* mapChanges(changes: readonly ChangeSet[]): Generator<MapChange, void, undefined> {
  for (const [map, ofMap] of changes.entries()) {
    for (const { key, value } of ofMap.all()) yield { map, key, value };
  }
}
