import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { Failure, reasonOf } from '../failures/failure';
import { type Files } from './project-folder';

/** A packed chart where the server unpacks it: `carts/helm/carts.tgz`. */
const CHART = /^(?:.*\/)?helm\/[^/]+\.tgz$/;

/** Packed charts in the form in which the server keeps them: a folder called like the archive (contract 4.4). */
export async function unpackCharts(files: Files): Promise<Files> {
  const unpacked = await Promise.all(
    [...files].map(async ([path, content]) => (CHART.test(path) ? unpack(path, content) : [[path, content] as const])),
  );
  return new Map(unpacked.flat());
}

/** @throws Failure when it is no archive */
async function unpack(path: string, archive: Buffer): Promise<[string, Buffer][]> {
  const { extract } = await import('tar-stream');
  const files: [string, Buffer][] = [];
  const reader = extract();
  const reading = (async () => {
    for await (const entry of reader) {
      const chunks: Buffer[] = [];
      for await (const chunk of entry) {
        chunks.push(chunk as Buffer);
      }
      if (entry.header.type === 'file') {
        // The one folder in the archive gives way to its name.
        files.push([
          entry.header.name.replace(/^(?:\.\/)?[^/]+/, path.slice(0, -'.tgz'.length)),
          Buffer.concat(chunks),
        ]);
      }
    }
  })();
  try {
    await Promise.all([pipeline(Readable.from([archive]), createGunzip(), reader), reading]);
  } catch (error) {
    throw new Failure('usage', `${path} is no packed chart: ${reasonOf(error)}`, { cause: error });
  }
  return files;
}
