import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { readTar, type TarWriter } from '@keptn/tar';
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

/** Ends an archive with what is in it. */
export async function finishWith(content: ArchiveContent, archive: TarWriter): Promise<void> {
  archive.addText(CONTENT_FILE, JSON.stringify(content));
  await archive.finish();
}

/**
 * Unpacks an archive into a folder.
 * @throws BackupFailure when it is none, or is not complete
 */
export async function unpack(source: Readable, folder: string): Promise<ArchiveContent> {
  let content: unknown;
  try {
    for await (const entry of readTar(source)) {
      if (entry.path === CONTENT_FILE) {
        content = JSON.parse(await text(entry.content));
      } else {
        const file = join(folder, entry.path);
        await mkdir(dirname(file), { recursive: true, mode: 0o700 });
        await pipeline(entry.content, createWriteStream(file, { flags: 'wx', mode: 0o600 }));
      }
    }
  } catch (error) {
    throw new BackupFailure('this is no complete backup', { cause: error });
  }
  const parsed = archiveContent.safeParse(content);
  if (!parsed.success) {
    throw new BackupFailure('this is no complete backup of a version that is known here');
  }
  return parsed.data;
}
