import { NoValue } from '../no-value';
import { type Spelling, withPlaceholders } from '../placeholders';
import { type SliRequest } from '../sli-provider';

/** Texts and comments of PromQL, and what is between them. A text without an end goes on to the end of the query. */
const PARTS = /"[^"\\]*(?:\\[^]?[^"\\]*)*"?|'[^'\\]*(?:\\[^]?[^'\\]*)*'?|`[^`]*`?|#[^\r\n]*|[^"'`#]+/g;

/** In characters. */
const LONGEST_FILTER = 10_000;

/** What texts of PromQL escape, as those of Go. */
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\\', String.raw`\\`],
  ['"', String.raw`\"`],
  ["'", String.raw`\'`],
  ['\n', String.raw`\n`],
]);

/**
 * Puts what is asked about into a query. What comes with an event may be anybody's, e.g. the name of a branch, and so may the SLO file of
 * a preview: no value may go on behind the end of the text that it stands in.
 *
 * @param own placeholders of the provider, by name
 * @throws NoValue where a value must not stand
 */
export function queryOf(template: string, request: SliRequest, own: Readonly<Record<string, string>>): string {
  return template.replaceAll(PARTS, (part) => {
    switch (part.charAt(0)) {
      case '#':
        return part;
      case '"':
      case "'":
        return withPlaceholders(part, request, own, insideText);
      case '`':
        return withPlaceholders(part, request, own, insideRawText);
      default:
        return withPlaceholders(part, request, own, betweenTexts);
    }
  });
}

/**
 * The value of a filter inside of a text. It is written for PromQL, with its escapes.
 *
 * @throws NoValue when it goes on behind the end of the text
 */
export function filterText(value: string): string {
  const isText = value.length <= LONGEST_FILTER && /^(?:[^\\\n"']|\\[^\n])*$/.test(value);
  if (!isText) throw new NoValue(`the filter ${value} cannot stand in a text of PromQL`);
  return value;
}

const insideText: Spelling = (value, origin) => {
  if (origin === 'filter') return filterText(value);
  return value.replaceAll(/[\\"'\n]/g, (character) => ESCAPES.get(character) ?? '');
};

/** Nothing can be escaped there. */
const insideRawText: Spelling = (value) => {
  if (value.includes('`')) throw new NoValue(`no text in backticks can hold the value ${value}`);
  return value;
};

const betweenTexts: Spelling = (value) => {
  if (!/^[\w.:]*$/.test(value)) throw new NoValue(`the value ${value} can stand only inside of quotes`);
  return value;
};
