import { resourceUri } from '@keptn/event-models';
import { ArchiveError, type PackedFile, packTgz, readTgz, type UnpackedEntry } from '@keptn/tar';
import { ChartRefused } from './resource.errors';

/** Of the charts of a request together. Helm's own limit for a release is 1 MiB, most of which is the chart. */
export const MOST_UNPACKED_BYTES = 50 * 1024 * 1024;

const LIMITS = { maxBytes: MOST_UNPACKED_BYTES, maxEntries: 2_000 };

/** A file of a chart, by its path below the chart's folder. */
export type ChartFile = PackedFile;

/**
 * Reads a chart archive in memory.
 * @param archive tar in gzip with exactly one folder at its top, whatever its name
 * @returns the files below that folder
 * @throws ChartRefused for anything else, with the reason
 */
export async function unpackChart(archive: Buffer): Promise<ChartFile[]> {
  const files = new Map<string, ChartFile>();
  const tops = new Set<string>();
  for await (const { path, content } of entriesOf(archive)) {
    const [top = '', ...below] = path.split('/');
    tops.add(top);
    if (content === undefined) {
      continue;
    }
    if (below.length === 0) {
      throw new ChartRefused(
        'Unexpected amount of unpacked files',
        `${JSON.stringify(top)} is a file beside the chart's folder`,
      );
    }
    files.set(below.join('/'), { path: below.join('/'), content });
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
export const packChart = (name: string, files: readonly ChartFile[]): Promise<Buffer> => packTgz(name, files);

async function* entriesOf(archive: Buffer): AsyncGenerator<UnpackedEntry> {
  try {
    for await (const entry of readTgz(archive, LIMITS)) {
      const checked = resourceUri.safeParse(entry.path);
      if (!checked.success) {
        const reason = checked.error.issues[0]?.message ?? 'the path is not valid';
        throw new ArchiveError(`${JSON.stringify(entry.path.slice(0, 100))}: ${reason}`);
      }
      yield { ...entry, path: checked.data };
    }
  } catch (error) {
    throw error instanceof ArchiveError
      ? new ChartRefused('Could not unarchive Helm chart', error.message, { cause: error })
      : error;
  }
}
