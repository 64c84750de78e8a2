import { randomUUID } from 'node:crypto';
import { accessSync, closeSync, constants, mkdirSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Database, open, type RootDatabase } from 'lmdb';
import { bytesOf, keyOf } from './byte-map';
import { CheckedDatabase } from './checked-database';
import { type MapChange } from './log-record';
import { FORMAT, FORMAT_KEY, MAPS, OWNERS } from './store-format';

/** Changes stored in one transaction, which takes a few milliseconds. */
const CHANGES_PER_TRANSACTION = 500;

/** The key under which the process that may write is named. */
const OWNER_KEY = Buffer.from('owner');

const BYTES = { encoding: 'binary', keyEncoding: 'binary' } as const;

/** The maps in LMDB, and the name of the process that may write to them. */
export class LmdbFiles {
  /** In the order of their numbers in the log. */
  readonly databases: readonly CheckedDatabase[];
  private readonly root: RootDatabase<Buffer, Buffer>;
  private readonly owners: Database<Buffer, Buffer>;
  private readonly owner = Buffer.from(randomUUID());

  /** @throws the system's error when a file cannot be opened */
  constructor(folder: string) {
    requireOpenable(folder);
    // A commit ends with its fsync, so that the log may be removed behind it. Batches of a turn would have promises of
    // their own, whose rejection nobody could handle.
    this.root = open<Buffer, Buffer>({
      path: folder,
      noSubdir: false,
      maxDbs: MAPS.length + 1,
      overlappingSync: false,
      eventTurnBatching: false,
      ...BYTES,
    });
    this.databases = MAPS.map((name) => new CheckedDatabase(this.root.openDB<Buffer, Buffer>({ name, ...BYTES })));
    this.owners = this.root.openDB<Buffer, Buffer>({ name: OWNERS, ...BYTES });
  }

  /** The form of what is stored; a new file has the newest. */
  get format(): string {
    return this.owners.get(Buffer.from(FORMAT_KEY))?.toString() ?? FORMAT;
  }

  /** What a store of an older format holds, to be stored in the newest. */
  *unsealedChanges(): Generator<MapChange, void, undefined> {
    for (const [map, database] of this.databases.entries()) {
      for (const { key, value } of database.unsealedEntries()) yield { map, key: keyOf(key), value };
    }
  }

  /** Makes this process the owner. @throws Error when the files have another format */
  async takeOver(): Promise<void> {
    const { format } = this;
    if (format !== FORMAT) throw new Error(`its format is ${format}, this version reads format ${FORMAT}`);
    await this.commit(() => {
      void this.owners.put(Buffer.from(FORMAT_KEY), Buffer.from(FORMAT));
      void this.owners.put(OWNER_KEY, this.owner);
    });
  }

  /** @throws Error when another process is the owner by now */
  assertOwner(): void {
    this.root.resetReadTxn();
    this.refuseStrangers();
  }

  /** Stores changes in their order, durably. Broken off in the middle it can be repeated. */
  async store(changes: Iterable<MapChange>): Promise<void> {
    let together: MapChange[] = [];
    for (const change of changes) {
      together.push(change);
      if (together.length < CHANGES_PER_TRANSACTION) continue;
      await this.storeTogether(together);
      together = [];
    }
    if (together.length > 0) await this.storeTogether(together);
  }

  close(): Promise<void> {
    return this.root.close();
  }

  private async storeTogether(changes: readonly MapChange[]): Promise<void> {
    await this.commit(() => {
      this.refuseStrangers();
      for (const { map, key, value } of changes) {
        if (value === undefined) this.databases[map]?.remove(bytesOf(key));
        else this.databases[map]?.put(bytesOf(key), value);
      }
    });
  }

  /** @throws the system's error, e.g. of a full disk */
  private async commit(work: () => void): Promise<void> {
    try {
      await this.root.transaction(work);
    } catch (error) {
      throw await causeOf(error);
    }
  }

  private refuseStrangers(): void {
    if (this.owners.get(OWNER_KEY)?.equals(this.owner) !== true) {
      throw new Error('another process took over the folder of the embedded MongoDB');
    }
  }
}

/** How many descriptors LMDB opens: of the lock, of the data, and of the data to write with. */
const DESCRIPTORS = 3;

/** Opens what LMDB opens, because lmdb ends the process with SIGSEGV when LMDB cannot. @throws the system's error */
function requireOpenable(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // The lock is not opened: closing it would give up the locks that LMDB has on it in this process.
  const lock = join(folder, 'lock.mdb');
  const status = statSync(lock, { throwIfNoEntry: false });
  if (status?.isFile() === false) throw new Error('lock.mdb is not a file');
  if (status !== undefined) accessSync(lock, constants.R_OK | constants.W_OK);
  const descriptors: number[] = [];
  try {
    while (descriptors.length < DESCRIPTORS) {
      descriptors.push(openSync(join(folder, 'data.mdb'), constants.O_RDWR | constants.O_CREAT, 0o600));
    }
  } finally {
    for (const descriptor of descriptors) closeSync(descriptor);
  }
}

/** How long lmdb may take to say why a commit failed, in milliseconds; it does so in the same turn of the event loop. */
const CAUSE_TIMEOUT_MS = 1_000;

/** lmdb hangs the cause of a failed commit on its error, as a promise that rejects. */
async function causeOf(error: unknown): Promise<unknown> {
  if (!(error instanceof Error) || !('commitError' in error)) return error;
  const late = delay(CAUSE_TIMEOUT_MS, error, { ref: false });
  return Promise.race([Promise.resolve(error.commitError).catch((cause: unknown) => cause), late]);
}
