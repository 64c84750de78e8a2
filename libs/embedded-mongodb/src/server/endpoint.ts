import { createHash } from 'node:crypto';
import { chmod, lstat, mkdir, rm, unlink } from 'node:fs/promises';
import { connect, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { StoreFolderInUseError } from '../errors';

/** Bytes that a socket path may have: sun_path is 104 on macOS and 108 on Linux, with a zero at its end. */
const MAX_SOCKET_PATH = 100;
const SOCKET_NAME = 'mongodb.sock';
/** What file systems without sockets answer (network and desktop-shared folders). */
const NO_SOCKETS_HERE = new Set(['EOPNOTSUPP', 'ENOTSUP', 'EPERM', 'EACCES', 'EINVAL']);

/**
 * Listens at the socket that belongs to a folder, which is the same for every start on the folder, so that a second one
 * finds the first: `mongodb.sock` in the folder, else a private folder below the system's temporary one when the path
 * is too long, the folder is somebody else's or its file system has no sockets. On Windows it is a named pipe.
 *
 * @returns the path
 * @throws StoreFolderInUseError when a process answers there
 */
export async function listenForFolder(server: Server, folder: string): Promise<string> {
  const digest = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  if (process.platform === 'win32') return listenAt(server, `\\\\.\\pipe\\keptn-mongodb-${digest}`, folder);
  const inFolder = join(folder, SOCKET_NAME);
  const elsewhere = join(tmpdir(), `keptn-mongodb-${process.getuid?.() ?? 0}-${digest}`, SOCKET_NAME);
  if (Buffer.byteLength(inFolder) > MAX_SOCKET_PATH || !(await isOwn(folder)))
    return listenAt(server, elsewhere, folder);
  try {
    return await listenAt(server, inFolder, folder);
  } catch (error) {
    if (!NO_SOCKETS_HERE.has(codeOf(error))) throw error;
    return listenAt(server, elsewhere, folder);
  }
}

/**
 * Listens at a socket path, in a folder that is made private. A socket that a killed process left behind is replaced.
 *
 * @throws StoreFolderInUseError when a process answers there
 */
export async function listenAt(server: Server, path: string, folder: string): Promise<string> {
  if (process.platform !== 'win32') await makePrivateFolder(dirname(path));
  for (let attempt = 0; ; attempt++) {
    try {
      await listen(server, { path });
      return path;
    } catch (error) {
      if (codeOf(error) !== 'EADDRINUSE') throw error;
      if (attempt > 0 || (await answers(path))) throw new StoreFolderInUseError(folder, path);
      await unlink(path);
    }
  }
}

/** Listens and waits until that is so. */
export function listen(server: Server, options: { path: string } | { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Removes the folder of a socket when it was made only for that. */
export async function removeSocketFolder(path: string, folder: string): Promise<void> {
  const isTemporary = process.platform !== 'win32' && dirname(path) !== folder && path.startsWith(tmpdir());
  if (isTemporary) await rm(dirname(path), { recursive: true, force: true });
}

async function isOwn(folder: string): Promise<boolean> {
  const status = await lstat(folder);
  return status.isDirectory() && status.uid === process.getuid?.();
}

/** @throws Error when the folder is somebody else's, who could put a socket of his own there */
async function makePrivateFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (!(await isOwn(folder))) throw new Error(`${folder} belongs to another user`);
  await chmod(folder, 0o700);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}
