import {
  base64Content,
  decodeBase64Content,
  describeFinding,
  resourceUri,
  validateResource,
} from '@keptn/event-models';
import { z } from 'zod';

/** More would only repeat what is wrong with the first ones, and headers have limits. */
const SHOWN_FINDINGS = 10;

/** Longest finding, in characters. */
const FINDING_LENGTH = 300;

const namedFile = z.object({ resourceURI: resourceUri, resourceContent: base64Content() });

export interface FileFindings {
  readonly faults: readonly string[];
  readonly hints: readonly string[];
}

/**
 * What is wrong with those files of a request that Keptn itself reads, as `slo.yaml: line 3, column 5: …`. What is malformed
 * in another way is left to the schema of the body.
 *
 * @param files the entries of the body as they came
 */
export function findingsOf(files: readonly unknown[]): FileFindings {
  const findings = files.flatMap((file) => {
    const { data } = namedFile.safeParse(file);
    if (data === undefined) {
      return [];
    }
    return validateResource(data.resourceURI, decodeBase64Content(data.resourceContent)).map((finding) => ({
      severity: finding.severity,
      text: `${data.resourceURI}: ${describeFinding(finding)}`.slice(0, FINDING_LENGTH),
    }));
  });
  const shown = (severity: 'error' | 'hint'): string[] =>
    findings
      .filter((finding) => finding.severity === severity)
      .map(({ text }) => text)
      .slice(0, SHOWN_FINDINGS);
  return { faults: shown('error'), hints: shown('hint') };
}
