import { ArchiveError, readTgz } from '@keptn/tar';
import { parse, YAMLError } from 'yaml';
import { type Chart } from '../decision/delivery/evaluation-done';

/** As many as a chart of one service never has. */
const LIMITS = { maxBytes: 20 * 1024 * 1024, maxEntries: 2000 };

/** `<chart>/values.yaml`, whatever the chart is called. */
const VALUES = /^[^/]+\/values\.yaml$/;

/** The image that a Helm chart deploys: `image` in its values.yaml. */
export async function imageOfChart(archive: Buffer): Promise<Chart> {
  try {
    for await (const { path, content } of readTgz(archive, LIMITS)) {
      if (content !== undefined && VALUES.test(path)) return imageOfValues(parse(content.toString('utf8')));
    }
  } catch (error) {
    if (!(error instanceof ArchiveError) && !(error instanceof YAMLError)) throw error;
  }
  return {};
}

function imageOfValues(values: unknown): Chart {
  if (typeof values !== 'object' || values === null || !('image' in values)) return {};
  return typeof values.image === 'string' && values.image !== '' ? { image: values.image } : {};
}
