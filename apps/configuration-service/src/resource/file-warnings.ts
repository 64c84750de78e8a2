import { describeFinding, resourceUri, validateResource } from '@keptn/event-models';
import { z } from 'zod';

/** More would only repeat what is wrong with the first ones, and headers have limits. */
const SHOWN_WARNINGS = 10;

/** Longest warning, in characters. */
const WARNING_LENGTH = 300;

const namedFile = z.object({ resourceURI: resourceUri, resourceContent: z.base64() });

/**
 * The faults of those files of a request that Keptn itself reads, as `slo.yaml: line 3, column 5: …`. What is malformed in
 * another way is left to the schema of the body.
 *
 * @param files the entries of the body as they came
 */
export function warningsOf(files: readonly unknown[]): readonly string[] {
  return files
    .flatMap((file) => {
      const { data } = namedFile.safeParse(file);
      if (data === undefined) {
        return [];
      }
      const findings = validateResource(data.resourceURI, Buffer.from(data.resourceContent, 'base64'));
      return findings.map((finding) => `${data.resourceURI}: ${describeFinding(finding)}`);
    })
    .slice(0, SHOWN_WARNINGS)
    .map((warning) => warning.slice(0, WARNING_LENGTH));
}
