import { promisify } from 'node:util';
import { constants, gunzip as gunzipCallback, gzip as gzipCallback } from 'node:zlib';
import { resourceUri } from '@keptn/event-models';
import { extract, type Extract, type Header, pack } from 'tar-stream';
import { ChartRefused } from './resource.errors';

const gunzip = promisify(gunzipCallback);
const gzip = promisify(gzipCallback);

const MEBIBYTE = 1024 * 1024;

/** Bytes of all files of a chart together; Helm's own limit for a release is 1 MiB, most of which is the chart. */
const MAX_UNPACKED_BYTES = 50 * MEBIBYTE;

/** Files and folders of a chart. */
const MAX_ENTRIES = 2_000;

/** A header and padding around every entry, with room for long names. */
const TAR_BYTES_PER_ENTRY = 4 * 1024;

/** A fixed time, so that the same files always make the same bytes; 1970 itself makes some tools complain. */
const PACKED_TIME = new Date('2000-01-01T00:00:00Z');

/** A file of a chart, by its path below the chart's folder. */
export interface ChartFile {
  readonly path: string;
  readonly content: Buffer;
}

/**
 * Reads a chart archive in memory.
 * @param archive tar in gzip with exactly one folder at its top, whatever its name
 * @returns the files below that folder
 * @throws ChartRefused for anything else, with the reason
 */
export async function unpackChart(archive: Buffer): Promise<ChartFile[]> {
  const files = new Map<string, ChartFile>();
  const tops = new Set<string>();
  for await (const { segments, content } of entriesOf(await decompress(archive))) {
    const [top = '', ...below] = segments;
    tops.add(top);
    if (content === undefined) {
      continue;
    }
    if (below.length === 0) {
      throw new ChartRefused(
        'Unexpected amount of unpacked files',
        `${shown(top)} is a file beside the chart's folder`,
      );
    }
    const path = below.join('/');
    files.set(path, { path, content });
  }
  if (tops.size !== 1) {
    const reason = `the archive must have exactly one folder at its top, but has ${tops.size}`;
    throw new ChartRefused('Unexpected amount of unpacked files', reason);
  }
  if (files.size === 0) {
    throw new ChartRefused('Unexpected amount of unpacked files', "the chart's folder holds no files");
  }
  return [...files.values()];
}

/**
 * Packs a chart into an archive whose bytes depend on nothing but the files.
 * @param name of the folder at its top
 * @param files in the order in which they are packed
 */
export async function packChart(name: string, files: readonly ChartFile[]): Promise<Buffer> {
  const tar = pack();
  for (const { path, content } of files) {
    tar.entry({ name: `${name}/${path}`, mode: 0o644, mtime: PACKED_TIME, uid: 0, gid: 0 }, content);
  }
  tar.finalize();
  return await gzip(await bytesOf(tar), { level: constants.Z_BEST_SPEED });
}

type Entry = Extract extends AsyncIterable<infer Source> ? Source : never;

interface ArchiveEntry {
  readonly segments: readonly string[];
  /** Absent for a folder. */
  readonly content?: Buffer;
}

async function* entriesOf(tar: Buffer): AsyncGenerator<ArchiveEntry> {
  const extractor = extract();
  extractor.end(tar);
  let entries = 0;
  let bytes = 0;
  for await (const entry of readableEntries(extractor)) {
    if (++entries > MAX_ENTRIES) {
      throw refused(`it has more than ${MAX_ENTRIES} entries`);
    }
    bytes += entry.header.size;
    if (bytes > MAX_UNPACKED_BYTES) {
      throw refused(tooLarge);
    }
    const segments = segmentsOf(entry.header);
    const content = await bytesOf(entry);
    if (segments.length > 0) {
      yield { segments, ...(isFile(entry.header) && { content }) };
    }
  }
}

/** Tells a damaged archive, which the library reports with errors of its own, from our own refusals. */
async function* readableEntries(entries: AsyncIterable<Entry>): AsyncGenerator<Entry> {
  try {
    yield* entries;
  } catch (error) {
    throw refused(`it is damaged (${error instanceof Error ? error.message : String(error)})`, error);
  }
}

async function bytesOf(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) {
    // The streams of the library hold bytes only, which their types do not say.
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks);
}

const isFile = ({ type }: Header): boolean => type === 'file' || type === 'contiguous-file';

/** The names on the way to an entry, none for the folder that the archive was made in (`./`). */
function segmentsOf(header: Header): string[] {
  const { name, type } = header;
  if (!isFile(header) && type !== 'directory') {
    throw refused(`${shown(name)} is a ${type}, only files and folders are allowed`);
  }
  if (name.startsWith('/')) {
    throw refused(`${shown(name)} is an absolute path`);
  }
  const path = name.replace(/^(?:\.\/+)+/, '').replace(/\/+$/, '');
  if (type === 'directory' && (path === '' || path === '.')) {
    return [];
  }
  const checked = resourceUri.safeParse(path);
  if (!checked.success) {
    throw refused(`${shown(name)}: ${checked.error.issues[0]?.message ?? 'the path is not valid'}`);
  }
  return path.split('/');
}

async function decompress(archive: Buffer): Promise<Buffer> {
  try {
    return await gunzip(archive, { maxOutputLength: MAX_UNPACKED_BYTES + MAX_ENTRIES * TAR_BYTES_PER_ENTRY });
  } catch (error) {
    const isTooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    throw refused(isTooLarge ? tooLarge : 'it is not in gzip format, or damaged', error);
  }
}

const tooLarge = `its files are larger than ${MAX_UNPACKED_BYTES / MEBIBYTE} MiB together`;

const refused = (reason: string, cause?: unknown): ChartRefused =>
  new ChartRefused('Could not unarchive Helm chart', reason, { cause });

const shown = (name: string): string => JSON.stringify(name.slice(0, 100));
