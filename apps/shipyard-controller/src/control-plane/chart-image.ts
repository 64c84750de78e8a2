import { parseYaml } from '@keptn/event-models';
import { ArchiveError, readTgz } from '@keptn/tar';
import { type Chart } from '../decision/delivery/evaluation-done';

/** As many as a chart of one service never has. */
const LIMITS = { maxBytes: 20 * 1024 * 1024, maxEntries: 2000 };

/** `<chart>/values.yaml`, whatever the chart is called. */
const VALUES = /^[^/]+\/values\.yaml$/;

/** The image that a Helm chart deploys: `image` in its values.yaml. */
export async function imageOfChart(archive: Buffer): Promise<Chart> {
  try {
    for await (const { path, content } of readTgz(archive, LIMITS)) {
      if (content !== undefined && VALUES.test(path)) return imageOfValues(content.toString('utf8'));
    }
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
  }
  return {};
}

function imageOfValues(text: string): Chart {
  const yaml = parseYaml(text, { version: '1.2', uniqueKeys: false, documents: 'first' });
  const values = 'content' in yaml ? yaml.content : undefined;
  if (typeof values !== 'object' || values === null || !('image' in values)) return {};
  return typeof values.image === 'string' && values.image !== '' ? { image: values.image } : {};
}
