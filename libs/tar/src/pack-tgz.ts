import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { constants, gzip as gzipCallback } from 'node:zlib';
import { pack } from 'tar-stream';

const gzip = promisify(gzipCallback);

/** A fixed time, so that the same files always make the same bytes; 1970 itself makes some tools complain. */
const PACKED_TIME = new Date('2000-01-01T00:00:00Z');

export interface PackedFile {
  readonly path: string;
  readonly content: Buffer;
}

/**
 * A tar in gzip whose bytes depend on nothing but the files.
 * @param folder at the top of the archive, without `./` before it: Helm 3.1 reads no chart with such paths
 * @param files by their path in that folder, in the order in which they are packed
 */
export async function packTgz(folder: string, files: readonly PackedFile[]): Promise<Buffer> {
  const tar = pack();
  for (const { path, content } of files) {
    tar.entry({ name: `${folder}/${path}`, mode: 0o644, mtime: PACKED_TIME, uid: 0, gid: 0 }, content);
  }
  tar.finalize();
  return await gzip(await buffer(tar), { level: constants.Z_BEST_SPEED });
}
