import { writeSync } from 'node:fs';
import { access, constants, mkdir, realpath, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createServer, type Server, type Socket } from 'node:net';
import { CursorRegistry } from './commands/cursor-registry';
import { type Engine } from './commands/command';
import { IndexBuilds } from './commands/index-builds';
import { StoreDamagedError, StoreFolderNotWritableError, StoreUnreadableError } from './errors';
import { Connection } from './server/connection';
import { listen, listenAt, listenForFolder, removeSocketFolder } from './server/endpoint';
import { diskFailureCode } from './storage/disk-failure';
import { checkFiles } from './storage/check';
import { StoreDamaged } from './storage/damage';
import { prepareDataFile, salvageDataFile } from './storage/data-file';
import { type WhenDamaged } from './storage/environment';
import { Store } from './query/store';

/** The descriptor of standard error. */
const STDERR_FD = 2;

/** What a start writes at most, in bytes: the first pages of LMDB's files and one transaction. */
const START_BYTES = 256 * 1024;

/** Where the engine reports failures that are not a client's. */
export interface EmbeddedMongodbLogger {
  error(message: string, error: unknown): void;
}

export interface EmbeddedMongodbOptions {
  /** Where the data is; made when it is missing, with mode 0700. */
  readonly folder: string;
  /** The Unix-domain socket, instead of `mongodb.sock` in the folder. Its folder is made private (0700). */
  readonly socketPath?: string;
  /** Listens on TCP as well when it or `port` is given. There is no authentication, so keep it on the loopback. */
  readonly host?: string;
  /** The TCP port; 0 or none for any free one. */
  readonly port?: number;
  readonly logger?: EmbeddedMongodbLogger;
  /**
   * Whether a damaged store is refused, which is the default, or what can be read of it is kept: the damaged files stay in the
   * folder under other names then, and indexes are computed again.
   */
  readonly whenDamaged?: WhenDamaged;
}

export interface EmbeddedMongodb {
  /** The connection string of a database, for the official drivers. */
  uri(database: string): string;
  /** Stops accepting, answers what is in flight, ends cursors and closes the files. */
  close(): Promise<void>;
}

/** The sockets of one engine and the connections over them. */
class Listener {
  private readonly connections = new Set<Connection>();
  private readonly servers: Server[] = [];
  private lastId = 0;
  engine: Engine | undefined;

  constructor(private readonly logger: EmbeddedMongodbLogger) {}

  get size(): number {
    return this.connections.size;
  }

  makeServer(): Server {
    const server = createServer({ noDelay: true }, (socket) => {
      this.accept(socket);
    });
    this.servers.push(server);
    return server;
  }

  async close(): Promise<void> {
    const closed = this.servers.map((server) => new Promise((resolve) => server.close(resolve)));
    await Promise.all([...this.connections].map((connection) => connection.close()));
    await Promise.all(closed);
  }

  private accept(socket: Socket): void {
    if (this.engine === undefined) {
      socket.destroy();
      return;
    }
    const connection = new Connection(socket, ++this.lastId, this.engine, (message, error) => {
      this.logger.error(message, error);
    });
    this.connections.add(connection);
    socket.once('close', () => this.connections.delete(connection));
  }
}

/**
 * Starts a MongoDB wire-protocol endpoint over a folder.
 *
 * It is a development and single-machine engine: no authentication, no replication, no transactions, no change streams,
 * no text or geo search, no server-side JavaScript, no collations. What is missing answers with an error that says so.
 *
 * @throws StoreFolderInUseError when another engine serves the folder
 * @throws StoreFolderNotWritableError when the folder cannot be made or written
 * @throws StoreDamagedError when a part of what was stored cannot be read
 * @throws StoreUnreadableError when the folder holds something that this version cannot read
 */
export async function startEmbeddedMongodb(options: EmbeddedMongodbOptions): Promise<EmbeddedMongodb> {
  const folder = await prepareFolder(options.folder);
  const listener = new Listener(options.logger ?? { error: reportOnStandardError });
  try {
    const server = listener.makeServer();
    const socketPath =
      options.socketPath === undefined
        ? await listenForFolder(server, folder)
        : await listenAt(server, options.socketPath, folder);
    const store = await openStore(folder, options.whenDamaged ?? 'refuse');
    const cursors = new CursorRegistry();
    const indexBuilds = new IndexBuilds(store);
    listener.engine = { store, cursors, indexBuilds, startedAt: new Date(), connectionCount: () => listener.size };
    const close = async (): Promise<void> => {
      await listener.close();
      cursors.close();
      await store.close();
      if (options.socketPath === undefined) await removeSocketFolder(socketPath, folder);
    };
    const address = await listenOnTcp(listener, options).catch(async (error: unknown) => {
      await close();
      throw error;
    });
    const host = address ?? encodeURIComponent(socketPath);
    return { uri: (database) => `mongodb://${host}/${encodeURIComponent(database)}`, close };
  } catch (error) {
    await listener.close();
    throw error;
  }
}

/** @throws StoreDamagedError, StoreUnreadableError, StoreFolderNotWritableError */
async function openStore(folder: string, whenDamaged: WhenDamaged): Promise<Store> {
  try {
    if (whenDamaged === 'salvage') await salvageDataFile(folder);
    const damages = await prepareDataFile(folder);
    if (damages.length > 0) throw new StoreDamaged(damages);
    const store = new Store(folder);
    // LMDB finds an environment that stays open again by the file's inode, which a later file may have.
    await store.open(whenDamaged).catch(async (error: unknown) => {
      await store.close();
      throw error;
    });
    return store;
  } catch (error) {
    if (error instanceof StoreDamaged) throw new StoreDamagedError(folder, error.damages);
    const code = diskFailureCode(error);
    if (code === undefined) throw new StoreUnreadableError(folder, error);
    if (await hasSpace(folder))
      throw new StoreDamagedError(folder, [`data.mdb: it asks for what no disk has (${code})`]);
    throw new StoreFolderNotWritableError(folder, code);
  }
}

/** LMDB writes where a damaged page says, which may be anywhere, and gives the system's error for it. */
async function hasSpace(folder: string): Promise<boolean> {
  try {
    await requireSpace(folder);
    return true;
  } catch {
    return false;
  }
}

/** What a store has. */
export interface StoreReport {
  /** What cannot be read; empty when the store is whole. */
  readonly damages: readonly string[];
  /** How many documents its data file has; what was written last may still be in its log. */
  readonly documents: number;
}

/**
 * Reads every byte of a store at rest, and changes nothing.
 *
 * @throws StoreFolderInUseError when an engine serves the folder
 */
export async function checkEmbeddedMongodb(folder: string): Promise<StoreReport> {
  const path = await realpath(folder);
  const server = createServer();
  const socketPath = await listenForFolder(server, path);
  try {
    const { damages, entries } = await checkFiles(path);
    return { damages, documents: entries.get('records') ?? 0 };
  } finally {
    await new Promise((resolve) => server.close(resolve));
    await removeSocketFolder(socketPath, path);
  }
}

async function prepareFolder(folder: string): Promise<string> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.W_OK | constants.X_OK);
    await requireSpace(folder);
    return await realpath(folder);
  } catch (error) {
    throw new StoreFolderNotWritableError(folder, error);
  }
}

/** LMDB maps files into memory, and on a full disk the first touch of such a page would end the process. @throws */
async function requireSpace(folder: string): Promise<void> {
  const probe = join(folder, 'space-probe');
  try {
    await writeFile(probe, Buffer.alloc(START_BYTES), { flush: true });
  } finally {
    await rm(probe, { force: true });
  }
}

/** @returns host and port; undefined without TCP */
async function listenOnTcp(listener: Listener, options: EmbeddedMongodbOptions): Promise<string | undefined> {
  if (options.host === undefined && options.port === undefined && process.platform !== 'win32') return undefined;
  const host = options.host ?? '127.0.0.1';
  const server = listener.makeServer();
  await listen(server, { host, port: options.port ?? 0 });
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : (options.port ?? 0);
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function reportOnStandardError(message: string, error: unknown): void {
  try {
    writeSync(STDERR_FD, `embedded MongoDB: ${message}: ${String(error)}\n`);
  } catch {
    // A full disk, or a reader that is gone, must not end the process.
  }
}
