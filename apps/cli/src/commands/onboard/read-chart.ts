import { readdir, readFile, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { expandTilde } from '../../environment';
import { Failure, reasonOf } from '../../failures/failure';
import { readInput } from '../../input/read-input';
import { decodeText } from '../../input/text';
import { ignoredBy } from './chart-ignore';

/** First bytes of a gzip file (RFC 1952). */
const GZIP = Buffer.from([0x1f, 0x8b]);

const CHART_FILE = 'Chart.yaml';

/**
 * A Helm chart as the API takes it.
 *
 * @param path of a folder, which is packed, or of a packed chart
 * @throws Failure when it is neither
 */
export async function readChart(path: string, signal: AbortSignal): Promise<Buffer> {
  const isFolder = await stat(expandTilde(path)).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (isFolder) {
    return packFolder(expandTilde(path));
  }
  const chart = await readInput(path, signal);
  if (!chart.subarray(0, GZIP.length).equals(GZIP)) {
    throw new Failure('usage', `${path} is not a packed chart`, {
      hint: 'Give the folder of the chart, or pack it with "helm package".',
    });
  }
  return chart;
}

async function packFolder(folder: string): Promise<Buffer> {
  const { packTgz } = await import('@keptn/tar');
  const name = await chartName(folder);
  const isIgnored = ignoredBy(await readFile(join(folder, '.helmignore'), 'utf8').catch(() => ''));
  const entries = await readdir(folder, { recursive: true });
  const paths = entries.map((entry) => entry.split(sep).join('/')).filter((path) => !isIgnored(path));
  const files = await Promise.all(
    paths.toSorted().map(async (path) => ({ path, content: await contentOf(join(folder, path)) })),
  );
  return packTgz(
    name,
    files.flatMap(({ path, content }) => (content === undefined ? [] : [{ path, content }])),
  );
}

/** Follows links, as Helm does. Undefined for what is not a file. */
async function contentOf(path: string): Promise<Buffer | undefined> {
  try {
    return (await stat(path)).isFile() ? await readFile(path) : undefined;
  } catch (error) {
    throw new Failure('failed', `${path} cannot be read: ${reasonOf(error)}`, { cause: error });
  }
}

/** @throws Failure when the folder is not that of a chart */
async function chartName(folder: string): Promise<string> {
  const { parse } = await import('yaml');
  try {
    const chart = parse(decodeText(await readFile(join(folder, CHART_FILE)), CHART_FILE)) as { name?: unknown } | null;
    if (typeof chart?.name !== 'string' || !/^[\w.-]+$/.test(chart.name)) {
      throw new Error('it has no "name" with the name of the chart');
    }
    return chart.name;
  } catch (error) {
    throw new Failure('usage', `${folder} is not the folder of a Helm chart: ${CHART_FILE}: ${reasonOf(error)}`, {
      hint: 'The folder of a chart holds Chart.yaml, values.yaml and templates/.',
      cause: error,
    });
  }
}
