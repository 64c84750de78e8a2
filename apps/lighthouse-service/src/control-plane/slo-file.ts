import { InvalidSlo, parseSlo, type Slo } from '@keptn/event-models';

/** What became of looking for the SLO file of a service. */
export type SloFile =
  | { readonly kind: 'found'; readonly slo: Slo; readonly text: string }
  /** There is none, and the service exists. */
  | { readonly kind: 'none' }
  /** It cannot be read as an SLO; `reason` names line and field. */
  | { readonly kind: 'invalid'; readonly reason: string }
  /** Project, stage or service is unknown; the reason says which, in the words of Keptn 0.7. */
  | { readonly kind: 'unknown'; readonly reason: string };

/** @param text empty when the file is */
export function readSloFile(text: string): SloFile {
  if (text === '') return { kind: 'none' };
  try {
    return { kind: 'found', slo: parseSlo(text), text };
  } catch (error) {
    if (error instanceof InvalidSlo) return { kind: 'invalid', reason: error.message };
    throw error;
  }
}
