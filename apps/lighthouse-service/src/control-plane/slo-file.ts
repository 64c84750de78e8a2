import { InvalidSlo, parseSlo, type Slo } from '@keptn/event-models';

/** What became of looking for the SLO file of a service. */
export type SloFile =
  | { readonly kind: 'found'; readonly slo: Slo; readonly text: string }
  /** There is none, and the service exists. */
  | { readonly kind: 'none' }
  /** It cannot be read as an SLO; `reason` names line and field. */
  | { readonly kind: 'invalid'; readonly reason: string }
  /**
   * Project, stage or service is unknown; the reason says which, with its name, the message without, each in the words that Keptn 0.7 had
   * for it: with the name where an evaluation starts, without where it ends.
   */
  | { readonly kind: 'unknown'; readonly message: string; readonly reason: string };

/** Files that are remembered, by their text: it is read twice for each evaluation, and rarely changes. */
const MOST_FILES = 200;

/** In characters; a longer file is parsed each time. */
const LONGEST_REMEMBERED = 64 * 1024;

const readBefore = new Map<string, SloFile>();

/** @param text empty when the file is */
export function readSloFile(text: string): SloFile {
  const known = readBefore.get(text);
  if (known !== undefined) return known;
  const file = parsedFile(text);
  if (text.length > LONGEST_REMEMBERED) return file;
  if (readBefore.size >= MOST_FILES) readBefore.clear();
  readBefore.set(text, file);
  return file;
}

function parsedFile(text: string): SloFile {
  if (text === '') return { kind: 'none' };
  try {
    return { kind: 'found', slo: parseSlo(text), text };
  } catch (error) {
    if (error instanceof InvalidSlo) return { kind: 'invalid', reason: error.message };
    throw error;
  }
}
