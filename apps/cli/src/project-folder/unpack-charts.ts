import { Failure } from '../failures/failure';
import { type Files } from './project-folder';

/** A packed chart at a path where the server unpacks it: `carts/helm/carts.tgz`. */
const CHART = /^(?:.*\/)?helm\/[^/]+\.tgz$/;

/** What the server takes at most. */
const LIMITS = { maxBytes: 50 * 1024 * 1024, maxEntries: 2_000 };

/** Packed charts in the form in which the server keeps them: a folder with the name of the archive (contract 4.4). */
export async function unpackCharts(files: Files): Promise<Files> {
  const unpacked = await Promise.all(
    [...files].map(async ([path, content]) => (CHART.test(path) ? unpack(path, content) : [[path, content] as const])),
  );
  return new Map(unpacked.flat());
}

/** @throws Failure when it is no archive */
async function unpack(path: string, archive: Buffer): Promise<[string, Buffer][]> {
  const { ArchiveError, readTgz } = await import('@keptn/tar');
  const folder = path.slice(0, -'.tgz'.length);
  const files: [string, Buffer][] = [];
  try {
    for await (const { path: packed, content } of readTgz(archive, LIMITS)) {
      if (content !== undefined) {
        files.push([packed.replace(/^[^/]+/, folder), content]);
      }
    }
  } catch (error) {
    if (error instanceof ArchiveError) {
      throw new Failure('usage', `${path} is not a packed chart: ${error.message}`, { cause: error });
    }
    throw error;
  }
  return files;
}
