import { type ResourceContent } from '@keptn/api-models';
import { type ServiceName } from '@keptn/event-models';
import { type Change, type PutFile } from '@keptn/git-store';
import { type ChartPath, chartPathOf } from './chart-path';
import { type ChartFile, MOST_UNPACKED_BYTES, unpackChart } from './chart-archive';
import { ChartRefused, DuplicateResource } from './resource.errors';
import { pathIn } from './resource-scope';

/**
 * What writing resources changes in the repository: files, and for a chart archive of a service the folder of its files.
 * @param service undefined for resources of a project or stage
 * @throws DuplicateResource, ChartRefused
 */
export async function changesOf(
  service: ServiceName | undefined,
  resources: readonly ResourceContent[],
): Promise<Change[]> {
  const charts: Change[] = [];
  const files: PutFile[] = [];
  let room = MOST_UNPACKED_BYTES;
  for (const { uri, content } of resources) {
    const chart = service === undefined ? undefined : chartPathOf(uri);
    if (chart === undefined) {
      files.push({ path: pathIn(service, uri), content });
    } else {
      const unpacked = await unpackChart(content);
      room -= unpacked.reduce((bytes, file) => bytes + file.content.length, 0);
      if (room < 0)
        throw new ChartRefused('Could not unarchive Helm chart', 'the charts are larger than 50 MiB together');
      charts.push(...chartChanges(service, chart, unpacked));
    }
  }
  // A chart replaces its folder, so files that are written into it come after it.
  const changes = [...charts, ...files];
  assertNoDuplicates(changes);
  return changes;
}

/** What deleting a chart changes: its files, and the archive itself should somebody have pushed one. */
export function chartDeletion(service: ServiceName | undefined, { name, folder }: ChartPath): Change[] {
  return [
    { folder: pathIn(service, folder), delete: true },
    { path: pathIn(service, `helm/${name}.tgz`), delete: true },
  ];
}

function chartChanges(service: ServiceName | undefined, chart: ChartPath, files: readonly ChartFile[]): Change[] {
  const puts = files.map(({ path, content }) => ({ path: pathIn(service, `${chart.folder}/${path}`), content }));
  return [...chartDeletion(service, chart), ...puts];
}

function assertNoDuplicates(changes: readonly Change[]): void {
  const seen = new Set<string>();
  for (const change of changes) {
    if (!('path' in change)) {
      continue;
    }
    if (seen.has(change.path)) {
      throw new DuplicateResource(change.path);
    }
    seen.add(change.path);
  }
}
