import { createHash } from 'node:crypto';
import { type ResourceUri, type ServiceName } from '@keptn/event-models';
import { type Snapshot } from '@keptn/git-store';
import { packChart } from './chart-archive';
import { type ChartPath, chartPathOf } from './chart-path';
import { pathIn } from './resource-scope';

/** A resource that exists in a snapshot. */
export interface LocatedResource {
  /** The same content has the same tag everywhere. */
  readonly entityTag: string;
  readonly load: () => Promise<Buffer>;
}

/**
 * Finds a resource without reading it: a file, or the folder of a chart whose archive is asked for.
 * @throws InvalidPath
 */
export async function locate(
  snapshot: Snapshot,
  service: ServiceName | undefined,
  uri: ResourceUri,
): Promise<LocatedResource | undefined> {
  const path = pathIn(service, uri);
  const blob = await snapshot.blobOf(path);
  if (blob !== undefined) {
    return { entityTag: blob, load: async () => (await snapshot.readFile(path)).content };
  }
  const chart = service === undefined ? undefined : chartPathOf(uri);
  return chart === undefined ? undefined : await locateChart(snapshot, service, chart);
}

async function locateChart(
  snapshot: Snapshot,
  service: ServiceName | undefined,
  { name, folder }: ChartPath,
): Promise<LocatedResource | undefined> {
  const root = pathIn(service, folder);
  const files = await snapshot.list(root);
  if (files.length === 0) {
    return undefined;
  }
  const below = (path: string): string => path.slice(root.length + 1);
  const hash = createHash('sha1');
  for (const { path, blob } of files) {
    hash.update(`${below(path)}\0${blob}\0`);
  }
  return {
    entityTag: hash.digest('hex'),
    load: async () => {
      const contents = files.map(async (file) => ({ path: below(file.path), content: await snapshot.read(file) }));
      return await packChart(name, await Promise.all(contents));
    },
  };
}
