/** As a text area shows a text, and gives it back. */
export const withUnixEnds = (text: string): string => text.replaceAll(/\r\n?/g, '\n');

/** Of a text, or none where it has a single line. */
export type LineEnds = 'mixed' | 'none' | 'unix' | 'windows';

export function lineEndsOf(text: string): LineEnds {
  const ends = new Set(text.match(/\r\n?|\n/g));
  if (ends.size === 0) return 'none';
  if (ends.size > 1 || ends.has('\r')) return 'mixed';
  return ends.has('\n') ? 'unix' : 'windows';
}

/**
 * An edited text with the line ends of the one that it was made from, where those are all the same.
 *
 * @param edited as a text area gives it back
 */
export function withLineEndsOf(base: string, edited: string): string {
  if (edited === withUnixEnds(base)) return base;
  return lineEndsOf(base) === 'windows' ? edited.replaceAll('\n', '\r\n') : edited;
}
