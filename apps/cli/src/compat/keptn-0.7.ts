import { stringifyJson } from '@keptn/event-models/json';
import { type Failure } from '../failures/failure';
import { type ExitCode, exitCodes } from '../failures/exit-code';
import { type Format, Output, type OutputOptions, type View } from '../output/output';
import { toYaml } from '../output/to-yaml';
import { type Table } from '../output/table';

/** What `--compat=0.7` changes is in this file; docs/coming-from-keptn-0.7.md describes it for people. */
export const COMPAT_VERSIONS = ['0.7'] as const;

/** Indentation of JSON in lists; events are indented by tabs. */
const LIST_INDENT = '   ';

/** Commands that list, with the columns of their tables (contract 6.3). */
const COLUMNS: Readonly<Record<string, readonly string[]>> = {
  'get project': ['NAME', 'CREATION DATE'],
  'get stage': ['NAME', 'CREATION DATE'],
  'get service': ['NAME', 'PROJECT', 'STAGE', 'CREATION DATE'],
};

/** Commands that answer with JSON unless something else is asked for. */
const EVENTS = new Set(['get event evaluation-done', 'get event approval.triggered']);

/** Answers as Keptn 0.7's command prints them. */
export class Keptn07Output extends Output {
  private readonly command: string;

  constructor(options: OutputOptions, words: readonly string[]) {
    super(options);
    this.command = words.join(' ');
  }

  override async show(view: View, standard?: Format): Promise<void> {
    const columns = COLUMNS[this.command];
    const { format, value, human } = { ...view, format: this.format };
    if (columns !== undefined && (format === 'json' || format === 'yaml')) {
      for (const item of [value].flat()) {
        this.write(format === 'json' ? JSON.stringify(asListed(item), null, LIST_INDENT) : await toListedYaml(item));
      }
    } else if (columns !== undefined && this.isForPeople && typeof human !== 'string') {
      this.write(tabbed(only(columns, human)));
    } else if (EVENTS.has(this.command) && typeof human !== 'string' && (format ?? 'json') === 'json') {
      const events = Array.isArray(value) && value.length === 1 ? (value[0] as unknown) : value;
      this.write(stringifyJson(events, { indent: 1 }).replace(/^ +/gm, ({ length }) => '\t'.repeat(length)));
    } else {
      await super.show(view, standard);
    }
  }
}

/** Services are listed without the project and the stage that they are in. */
function asListed(item: unknown): unknown {
  const fields = Object.entries(item as object);
  return Object.fromEntries(fields.filter(([key]) => key !== 'project' && key !== 'stage'));
}

/** Keys in lower case, and an empty line after each item. */
async function toListedYaml(item: unknown): Promise<string> {
  const lowerCased = JSON.parse(JSON.stringify(asListed(item)), (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key.toLowerCase(), each]))
      : value,
  ) as unknown;
  return `${await toYaml(lowerCased)}\n`;
}

function only(names: readonly string[], { columns, rows }: Table): Table {
  const indexes = names.map((name) => columns.indexOf(name));
  return { columns: names, rows: rows.map((row) => indexes.map((index) => row[index] ?? '')) };
}

/** Columns end at a tab stop, at least two characters after the longest cell, as Go's tabwriter puts them. */
const TAB_WIDTH = 8;
const NARROWEST = 10;
const PADDING = 2;

function tabbed({ columns, rows }: Table): string {
  const lines = [columns, ...rows];
  const stops = columns.map((_, column) => {
    const longest = Math.max(...lines.map((line) => (line[column] ?? '').length));
    return Math.ceil(Math.max(NARROWEST, longest + PADDING) / TAB_WIDTH);
  });
  const padded = (cell: string, column: number): string =>
    cell + '\t'.repeat((stops[column] ?? 0) - Math.floor(cell.length / TAB_WIDTH));
  return lines
    .map((line) => line.map((cell, column) => (column === line.length - 1 ? cell : padded(cell, column))).join(''))
    .join('\n');
}

/**
 * What Keptn 0.7's command prints, with exit code 0, where this one fails.
 *
 * @returns undefined where it fails as well
 */
export function answerInstead(words: readonly string[], { exit, message, hint }: Failure): string | undefined {
  const command = words.join(' ');
  if (exit === 'notFound' && command in COLUMNS) {
    // Its grammar, which scripts may search for.
    return message.replace(/^No service /, 'No services ');
  }
  return command === 'status' && message.startsWith('CLI is not authenticated')
    ? `${message}.  ${(hint ?? '').replace(/\.$/, '')}`
    : undefined;
}

/** Every failure has the same exit code; an interrupted process has that of its signal. */
export const keptn07ExitCode = (exit: ExitCode): number =>
  exit === 'interrupted' || exit === 'brokenPipe' ? exitCodes[exit].code : exitCodes.failed.code;
