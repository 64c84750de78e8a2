import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { gunzip as gunzipCallback } from 'node:zlib';
import { ArchiveError } from './archive-error';
import { readTar } from './read-tar';

const gunzip = promisify(gunzipCallback);

const MEBIBYTE = 1024 * 1024;

/** A header and padding around every entry, with room for long names. */
const TAR_BYTES_PER_ENTRY = 4 * 1024;

export interface ArchiveLimits {
  /** Of all files together. */
  readonly maxBytes: number;
  /** Files and folders. */
  readonly maxEntries: number;
}

/** A file, or a folder, which has no content. The path never begins with `/` or `./` and never holds `..`. */
export interface UnpackedEntry {
  readonly path: string;
  readonly content?: Buffer;
}

/**
 * The files and folders of a tar in gzip, in memory.
 * @throws ArchiveError when it is none, is damaged or too large, or holds anything but files and folders below its root
 */
export async function* readTgz(archive: Buffer, limits: ArchiveLimits): AsyncGenerator<UnpackedEntry> {
  let entries = 0;
  let bytes = 0;
  for await (const { path, kind, size, content } of readTar(Readable.from([await decompress(archive, limits)]))) {
    if (++entries > limits.maxEntries) {
      throw new ArchiveError(`it has more than ${limits.maxEntries} entries`);
    }
    bytes += size;
    if (bytes > limits.maxBytes) {
      throw tooLarge(limits);
    }
    const read = await buffer(content);
    if (path !== '') {
      yield { path, ...(kind === 'file' && { content: read }) };
    }
  }
}

async function decompress(archive: Buffer, limits: ArchiveLimits): Promise<Buffer> {
  const maxOutputLength = limits.maxBytes + limits.maxEntries * TAR_BYTES_PER_ENTRY;
  try {
    return await gunzip(archive, { maxOutputLength });
  } catch (error) {
    const isTooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    throw isTooLarge
      ? tooLarge(limits, error)
      : new ArchiveError('it is not in gzip format, or damaged', { cause: error });
  }
}

const tooLarge = ({ maxBytes }: ArchiveLimits, cause?: unknown): ArchiveError =>
  new ArchiveError(`its files are larger than ${maxBytes / MEBIBYTE} MiB together`, { cause });
