import { type ResourceUri } from '@keptn/event-models';
import { ChartRefused } from './resource.errors';

/** Where a service keeps its Helm charts (contract 4.4). */
const CHART_ARCHIVE = /^helm\/([^/]*)\.tgz$/;

export interface ChartPath {
  /** File name without `.tgz`. */
  readonly name: string;
  /** Folder that holds the chart's files, relative to the service. */
  readonly folder: string;
}

/**
 * A chart archive is kept as the folder of its files; undefined for every other resource.
 * @throws ChartRefused
 */
export function chartPathOf(uri: ResourceUri): ChartPath | undefined {
  const name = CHART_ARCHIVE.exec(uri)?.[1];
  if (name === undefined) {
    return undefined;
  }
  if (name === '') {
    throw new ChartRefused('Path of Helm chart is invalid', 'the archive needs a name before .tgz');
  }
  return { name, folder: `helm/${name}` };
}
