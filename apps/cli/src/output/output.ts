import { stringifyJson } from '@keptn/event-models/json';
import picocolors from 'picocolors';
import { printable } from './printable';
import { formatTable, type Table } from './table';
import { toYaml } from './to-yaml';

/** Formats of a report, which only some answers have. */
export type ReportFormat = 'junit' | 'markdown';

export type Format = 'table' | 'json' | 'yaml' | 'name' | ReportFormat;

export interface OutputOptions {
  /** What `--output` says; a command has its own standard. */
  readonly format: Format | undefined;
  readonly quiet: boolean;
  readonly colors: boolean;
}

/** An answer in all its formats. */
export interface View {
  /** For json and yaml. */
  readonly value: unknown;
  /** For people: a table or a text. */
  readonly human: Table | string;
  /** One a line, e.g. `project/sockshop`. */
  readonly names: readonly string[];
  /** For other programs than those of this project. */
  readonly reports?: Readonly<Record<ReportFormat, () => string>>;
}

/** Indentation of JSON, as in Keptn 0.7. */
const JSON_INDENT = 4;

/** Answers on stdout, everything else on stderr. */
export class Output {
  readonly paint: ReturnType<typeof picocolors.createColors>;
  protected readonly format: Format | undefined;
  private readonly quiet: boolean;
  private readonly warnings = new Set<string>();

  constructor({ format, quiet, colors }: OutputOptions) {
    this.format = format;
    this.quiet = quiet;
    this.paint = picocolors.createColors(colors);
  }

  /** Whether people read the output, so that sentences may come before and after the answer. */
  get isForPeople(): boolean {
    return this.format === undefined || this.format === 'table';
  }

  /** A sentence about progress. */
  say(sentence: string): void {
    if (this.isForPeople && !this.quiet) {
      this.write(printable(sentence));
    }
  }

  /** What a person should know although the command goes on; said once, however often it comes. */
  warn(sentence: string): void {
    if (!this.warnings.has(sentence)) {
      this.warnings.add(sentence);
      process.stderr.write(`${this.paint.yellow('Warning:')} ${printable(sentence)}\n`);
    }
  }

  /** Why nothing happens. */
  waiting(awaited: string): void {
    if (!this.quiet) {
      process.stderr.write(`Waiting for ${printable(awaited)} ...\n`);
    }
  }

  /** What a person has to do now, or nothing goes on. */
  ask(sentence: string): void {
    process.stderr.write(`${printable(sentence)}\n`);
  }

  /** A line for someone who looks for a fault. */
  debug(line: string): void {
    process.stderr.write(`${printable(line)}\n`);
  }

  /** The result of a change: people have read sentences about it, programs get it in their format. */
  async done(result: Omit<View, 'human'>): Promise<void> {
    if (!this.isForPeople) {
      await this.show({ ...result, human: '' });
    }
  }

  /** What was asked for. */
  async show(view: View, standard: Format = 'table'): Promise<void> {
    const format = this.format ?? standard;
    switch (format) {
      case 'json':
        this.write(stringifyJson(view.value, { indent: JSON_INDENT }));
        break;
      case 'yaml':
        this.write(await toYaml(view.value));
        break;
      case 'name':
        view.names.forEach((name) => {
          this.write(printable(name));
        });
        break;
      case 'junit':
      case 'markdown':
        this.write(printable(view.reports?.[format]() ?? ''));
        break;
      case 'table':
        this.write(printable(typeof view.human === 'string' ? view.human : formatTable(view.human)));
        break;
    }
  }

  /** A line of an endless answer in the requested format: JSON on one line, so that programs can read line by line. */
  showOne(value: unknown, human: string): void {
    this.write(this.isForPeople ? printable(human) : stringifyJson(value));
  }

  /** Content as it is, byte by byte. */
  raw(content: Uint8Array): void {
    process.stdout.write(content);
  }

  protected write(text: string): void {
    process.stdout.write(`${text}\n`);
  }
}
