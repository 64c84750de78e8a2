import { type ResourceContent } from '@keptn/api-models';
import { type ServiceName } from '@keptn/event-models';
import { type Change, type PutFile } from '@keptn/git-store';
import { type ChartPath, chartPathOf } from './chart-path';
import { unpackChart } from './chart-archive';
import { DuplicateResource } from './resource.errors';
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
  for (const { uri, content } of resources) {
    const chart = service === undefined ? undefined : chartPathOf(uri);
    if (chart === undefined) {
      files.push({ path: pathIn(service, uri), content });
    } else {
      charts.push(...(await chartChanges(service, chart, content)));
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

async function chartChanges(service: ServiceName | undefined, chart: ChartPath, archive: Buffer): Promise<Change[]> {
  const files = await unpackChart(archive);
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
