import { open } from 'node:fs/promises';
import { join } from 'node:path';

/** Where LMDB's first page has its mark and the version of its file format, which this check is written for. */
const MARK_OFFSET = 24;
const MARK = 0xbeefc0de;
const FILE_VERSION = 2;
const HEADER_BYTES = 4096;

/**
 * Checks that the data file of a folder, if there is one, is LMDB's: the library reads other files as if they were and
 * takes the process down with a segmentation fault.
 *
 * @throws Error when it is something else
 */
export async function checkDataFile(folder: string): Promise<void> {
  const file = await open(join(folder, 'data.mdb'), 'r').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (file === undefined) return;
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
    const isStore = buffer.readUInt32LE(MARK_OFFSET) === MARK && buffer.readUInt32LE(MARK_OFFSET + 4) === FILE_VERSION;
    if (bytesRead > 0 && !isStore) throw new Error('data.mdb is not a data file of this store');
  } finally {
    await file.close();
  }
}
