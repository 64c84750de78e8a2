import { describeFinding, InvalidSlo, parseSlo, resourceUri, type Slo, validateResource } from '@keptn/event-models';
import { UnusableSlo } from './preview.errors';

const SLO_FILE = resourceUri.parse('slo.yaml');

/** @throws UnusableSlo */
export function sloIn(text: string): Slo {
  try {
    return parseSlo(text);
  } catch (error) {
    if (error instanceof InvalidSlo) throw new UnusableSlo(error.message);
    throw error;
  }
}

/** What in the file may not mean what it seems to. */
export const findingsIn = (text: string): string[] => validateResource(SLO_FILE, text).map(describeFinding);
