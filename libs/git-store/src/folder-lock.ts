import { randomBytes } from 'node:crypto';
import { type FileHandle, open, readdir, rename, unlink } from 'node:fs/promises';
import { type Server, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { errorCode } from './durable-files';
import { FolderInUse, FolderUnusable } from './git-store.errors';

const OWNER_SOCKET = /^\.owner-[0-9a-f]+\.sock$/;
const SOCKET_LEFTOVER = /^\.(owner|starting)-[0-9a-f]+\.sock$/;
/** When processes start at the same moment, all may see each other and step back; then they try again. */
const ATTEMPTS = 4;
/** Milliseconds, at most, between two attempts. */
const PAUSE = 200;
/** The system's limit for a socket's path is 108 bytes with its NUL, 104 on macOS. */
const MAX_SOCKET_PATH = 100;

/**
 * Holds a folder for one process. Each process listens on a socket of its own in the folder and then looks for others
 * that answer: whoever came second sees the first. The system closes the socket of a killed process, so nothing has
 * to be cleaned up by hand and no process id is compared. Processes on different machines do not see each other.
 */
export class FolderLock {
  private constructor(
    private readonly server: Server,
    private readonly socket: string,
  ) {}

  /** @throws FolderInUse, FolderUnusable */
  static async acquire(folder: string): Promise<FolderLock> {
    for (let attempt = 1; ; attempt++) {
      const lock = await FolderLock.listen(folder);
      if (lock !== undefined && !(await isAnotherAlive(folder, lock.socket))) {
        await removeDeadSockets(folder, lock.socket);
        return lock;
      }
      await lock?.release();
      if (attempt === ATTEMPTS) throw new FolderInUse(folder);
      await delay(Math.random() * PAUSE);
    }
  }

  async release(): Promise<void> {
    await unlink(this.socket).catch(() => undefined);
    await new Promise<void>((resolve) => {
      this.server.close(() => {
        resolve();
      });
    });
  }

  /** @returns undefined when an owner took the socket for a dead one, because it did not answer yet */
  private static async listen(folder: string): Promise<FolderLock | undefined> {
    const id = randomBytes(8).toString('hex');
    const starting = join(folder, `.starting-${id}.sock`);
    const socket = join(folder, `.owner-${id}.sock`);
    const server = createServer((connection) => connection.destroy());
    server.unref();
    try {
      await withShortPath(folder, starting, (path) => listenOn(server, path));
      // Only a socket that answers gets the name that others look for: one that does not is dead for sure.
      await rename(starting, socket);
    } catch (error) {
      const wasListening = server.listening;
      server.close();
      if (wasListening && errorCode(error) === 'ENOENT') return undefined;
      throw new FolderUnusable(
        `Cannot create a socket in ${folder}: the folder must be writable and on a file system with Unix sockets`,
        { cause: error },
      );
    }
    return new FolderLock(server, socket);
  }
}

async function isAnotherAlive(folder: string, own: string): Promise<boolean> {
  const others = (await readdir(folder)).filter((name) => OWNER_SOCKET.test(name)).map((name) => join(folder, name));
  for (const other of others) {
    if (other !== own && (await withShortPath(folder, other, answers))) return true;
  }
  return false;
}

async function removeDeadSockets(folder: string, own: string): Promise<void> {
  for (const name of (await readdir(folder)).filter((each) => SOCKET_LEFTOVER.test(each))) {
    const socket = join(folder, name);
    if (socket !== own && !(await withShortPath(folder, socket, answers))) await unlink(socket).catch(() => undefined);
  }
}

function listenOn(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** The system answers for a process that listens, however busy that is. */
function answers(path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const connection = connect(path);
    connection.once('connect', () => {
      connection.destroy();
      resolve(true);
    });
    connection.once('error', (error) => {
      const code = errorCode(error);
      if (code === 'ECONNREFUSED' || code === 'ENOENT') resolve(false);
      // A full queue of connections has somebody behind it.
      else if (code === 'EAGAIN') resolve(true);
      else reject(new FolderUnusable(`Cannot connect to ${path}`, { cause: error }));
    });
  });
}

/** A socket in a deep folder is reached through an open handle of the folder, which only Linux offers. */
async function withShortPath<Result>(
  folder: string,
  path: string,
  use: (path: string) => Promise<Result>,
): Promise<Result> {
  if (Buffer.byteLength(path) <= MAX_SOCKET_PATH) return await use(path);
  const handle: FileHandle = await open(folder, 'r');
  try {
    return await use(join('/proc/self/fd', String(handle.fd), path.slice(folder.length)));
  } finally {
    await handle.close();
  }
}
