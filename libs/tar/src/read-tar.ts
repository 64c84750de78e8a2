import { type Readable } from 'node:stream';
import { extract, type Header } from 'tar-stream';
import { ArchiveError, quoted } from './archive-error';

export interface TarEntry {
  /** Without `./` before it and `/` after it; empty for the folder in which the archive was made. */
  readonly path: string;
  readonly kind: 'file' | 'folder';
  /** In bytes. */
  readonly size: number;
  /** Has to be read to its end before the next entry comes. */
  readonly content: AsyncIterable<Uint8Array>;
}

/**
 * The files and folders of a tar archive, one after the other.
 * @throws ArchiveError for a damaged archive, and for entries that are not files or folders below the one it is unpacked in
 */
export async function* readTar(source: Readable): AsyncGenerator<TarEntry> {
  const extractor = extract();
  source.once('error', (error) => {
    extractor.destroy(error);
  });
  for await (const entry of orDamaged(source.pipe(extractor))) {
    yield {
      path: pathOf(entry.header),
      kind: isFile(entry.header) ? 'file' : 'folder',
      size: entry.header.size,
      // Of bytes only, which the types of the library do not say.
      content: orDamaged(entry as AsyncIterable<Uint8Array>),
    };
  }
}

/** The library reports a damaged archive with errors of its own. */
async function* orDamaged<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item> {
  try {
    yield* items;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ArchiveError(`it is damaged (${reason})`, { cause: error });
  }
}

const isFile = ({ type }: Header): boolean => type === 'file' || type === 'contiguous-file';

function pathOf(header: Header): string {
  const { name, type } = header;
  if (!isFile(header) && type !== 'directory') {
    throw new ArchiveError(`${quoted(name)} is a ${type}, only files and folders are allowed`);
  }
  if (name.startsWith('/')) {
    throw new ArchiveError(`${quoted(name)} is an absolute path`);
  }
  if (name.split('/').includes('..')) {
    throw new ArchiveError(`${quoted(name)} leads out of the archive`);
  }
  const path = name.replace(/^(?:\.\/+)+/, '').replace(/\/+$/, '');
  return path === '.' ? '' : path;
}
