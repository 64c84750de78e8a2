import { type Origin } from '../placeholders';

/** What texts of PromQL escape, as those of Go. */
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\\', String.raw`\\`],
  ['"', String.raw`\"`],
  ["'", String.raw`\'`],
  ['\n', String.raw`\n`],
]);

/**
 * A value as it stands in a text of PromQL. What comes with an event may be anybody's, e.g. the name of a branch, and must not go on
 * behind the end of the text that it is put into. Filters are written for PromQL.
 */
export function insideText(value: string, origin: Origin): string {
  return origin === 'event' ? value.replaceAll(/[\\"'\n]/g, (character) => ESCAPES.get(character) ?? '') : value;
}
