/** Trailers of a commit: `{ 'Keptn-Context': '…' }` becomes the line `Keptn-Context: …` at the end of its message. */
export type Trailers = Readonly<Record<string, string>>;

const DEFAULT_SUBJECT = 'Changed resources';
/** Longer values are no identifiers; a cut keeps `git log` readable. */
const MAX_TRAILER_LENGTH = 1_000;

/** A message without control characters, with the trailers as its last paragraph. */
export function formatMessage(message: string, trailers: Trailers = {}): string {
  const text = message
    .replace(/\r\n?/g, '\n')

    .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '')
    .trim();
  const lines = Object.entries(trailers).flatMap(([key, value]) => formatTrailer(key, value));
  return [text || DEFAULT_SUBJECT, ...(lines.length > 0 ? [lines.join('\n')] : [])].join('\n\n') + '\n';
}

/** A trailer is one line, whatever its value holds: otherwise a value could add trailers of its own. */
function formatTrailer(key: string, value: string): string[] {
  const cleanKey = key.replace(/[^A-Za-z0-9-]/g, '');

  const cleanValue = value
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
    .trim()
    .slice(0, MAX_TRAILER_LENGTH);
  return cleanKey === '' || cleanValue === '' ? [] : [`${cleanKey}: ${cleanValue}`];
}

export interface ParsedMessage {
  /** Subject and body, without the trailers. */
  readonly text: string;
  readonly trailers: ReadonlyMap<string, string>;
}

const TRAILER = /^([A-Za-z0-9-]+): (.*)$/;

/** Takes a message apart: its last paragraph are trailers when every line of it is one, and something precedes it. */
export function parseMessage(message: string): ParsedMessage {
  const paragraphs = message.trim().split(/\n{2,}/);
  const lines = paragraphs.length > 1 ? (paragraphs.at(-1)?.split('\n') ?? []) : [];
  const trailers = lines.flatMap((line) => {
    const [, key, value] = TRAILER.exec(line) ?? [];
    return key === undefined || value === undefined ? [] : [[key, value] as const];
  });
  const isLast = lines.length > 0 && trailers.length === lines.length;
  return {
    text: (isLast ? paragraphs.slice(0, -1) : paragraphs).join('\n\n'),
    trailers: new Map(isLast ? trailers : []),
  };
}
