import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { type Readable, type Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { extract, type Pack, pack } from 'tar-stream';
import { z } from 'zod';
import { BackupFailure } from './backup.errors';

/** Last entry of an archive: an archive without it was cut off. */
const CONTENT_FILE = 'content.json';

/** Of a file, from the root of the archive, without a way out of it. */
const archivePath = z.string().refine((path) => !path.split('/').includes('..'));

const archiveContent = z.object({
  /** Of this format. */
  version: z.literal(1),
  createdAt: z.string(),
  repositories: z.array(z.object({ name: z.string(), defaultBranch: z.string(), file: archivePath })),
  /** Files beside the repositories, such as the credentials of upstreams, by their paths in the data folder. */
  files: z.array(archivePath),
  collections: z.array(z.object({ name: z.string(), file: archivePath, documents: z.number() })),
});

/** What is in an archive; files by their paths in it. */
export type ArchiveContent = z.infer<typeof archiveContent>;

/** Writes a tar archive to a stream, file by file. */
export class ArchiveWriter {
  private readonly tar: Pack = pack();
  private readonly done: Promise<void>;

  constructor(target: Writable) {
    this.done = pipeline(this.tar, target);
    // Its failure is thrown where the end is waited for.
    this.done.catch(() => undefined);
  }

  /**
   * @param path in the archive
   * @param file on disk
   */
  async add(path: string, file: string): Promise<void> {
    const { size } = await stat(file);
    await pipeline(createReadStream(file), this.tar.entry({ name: path, size, mode: 0o600 }));
  }

  async finish(content: ArchiveContent): Promise<void> {
    this.tar.entry({ name: CONTENT_FILE }, JSON.stringify(content));
    this.tar.finalize();
    await this.done;
  }
}

/**
 * Unpacks an archive into a folder.
 * @throws BackupFailure when it is none, or is not complete
 */
export async function unpack(source: Readable, folder: string): Promise<ArchiveContent> {
  let content: unknown;
  try {
    for await (const entry of source.pipe(extract())) {
      if (entry.header.name === CONTENT_FILE) {
        content = JSON.parse(await text(entry));
      } else {
        const file = placeIn(folder, entry.header.name);
        await mkdir(dirname(file), { recursive: true, mode: 0o700 });
        await pipeline(entry, createWriteStream(file, { flags: 'wx', mode: 0o600 }));
      }
    }
  } catch (error) {
    throw error instanceof BackupFailure ? error : new BackupFailure('this is no complete backup', { cause: error });
  }
  const parsed = archiveContent.safeParse(content);
  if (!parsed.success) {
    throw new BackupFailure('this is no complete backup of a version that is known here');
  }
  return parsed.data;
}

/** Paths in an archive are input like any other. */
const placeIn = (folder: string, path: string): string => {
  const place = resolve(folder, path);
  if (!place.startsWith(resolve(folder) + sep)) {
    throw new BackupFailure(`the backup holds a path that leads out of it: ${path}`);
  }
  return place;
};
