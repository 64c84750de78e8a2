import { type Session } from './session';

/** What shell completion offers for a value. */
export type Completion = 'file' | 'folder' | 'context' | 'project' | 'stage' | 'service' | 'event-type';

/** The first word of commands, and what they have in common. */
export interface Group {
  readonly words: readonly string[];
  readonly summary: string;
}

export interface ArgumentSpec {
  readonly summary: string;
  readonly optional?: true;
  /** All the words that are left. */
  readonly rest?: true;
  readonly choices?: readonly string[];
  readonly completes?: Completion;
}

/** A flag. Without `value` it is a switch; its long name is its key in the table, in kebab case, unless `long` says otherwise. */
export interface FlagSpec {
  readonly summary: string;
  readonly short?: string;
  readonly long?: string;
  /** What stands for the value in help, e.g. `file`. */
  readonly value?: string;
  readonly required?: true;
  /** May be given several times. */
  readonly many?: true;
  readonly choices?: readonly string[];
  readonly completes?: Completion;
  /** Accepted, but neither in help nor in the reference. */
  readonly hidden?: true;
}

export type ArgumentTable = Readonly<Record<string, ArgumentSpec>>;
export type FlagTable = Readonly<Record<string, FlagSpec>>;

/** A table without a name in it. */
type NoEntries = Readonly<Record<symbol, never>>;

type ArgumentValue<Spec extends ArgumentSpec> = Spec extends { rest: true }
  ? readonly string[]
  : Spec extends { optional: true }
    ? string | undefined
    : string;

type FlagValue<Spec extends FlagSpec> = Spec extends { value: string }
  ? Spec extends { many: true }
    ? readonly string[]
    : Spec extends { required: true }
      ? string
      : string | undefined
  : boolean;

/** What a command gets: its arguments and flags by name, with the types that its tables say. */
export type InputOf<Arguments extends ArgumentTable, Flags extends FlagTable> = {
  readonly [Name in keyof Arguments]: ArgumentValue<Arguments[Name]>;
} & { readonly [Name in keyof Flags]: FlagValue<Flags[Name]> };

export interface Example {
  readonly command: string;
  readonly says: string;
}

interface CommandTable<Arguments extends ArgumentTable, Flags extends FlagTable> {
  /** The words that call it, e.g. `['create', 'project']`. */
  readonly words: readonly string[];
  /** Other last words. */
  readonly aliases?: readonly string[];
  /** One line without a full stop. */
  readonly summary: string;
  /** What the summary leaves open, in paragraphs. */
  readonly details?: string;
  /** In the order of the command line; optional ones last. */
  readonly arguments?: Arguments;
  readonly flags?: Flags;
  readonly examples: readonly [Example, ...Example[]];
  /** Accepted, but neither in help nor in the reference. */
  readonly hidden?: true;
  run(input: InputOf<Arguments, Flags>, session: Session): Promise<void> | void;
}

/** A command as the program, help, completion and the reference page see it. */
export interface Command {
  readonly words: readonly string[];
  readonly aliases: readonly string[];
  readonly summary: string;
  readonly details?: string;
  readonly arguments: ArgumentTable;
  readonly flags: FlagTable;
  readonly examples: readonly Example[];
  readonly hidden: boolean;
  readonly run: (input: never, session: Session) => Promise<void> | void;
}

/** Describes a command: parser, help, completion and the reference page all read this table. */
export function defineCommand<
  const Arguments extends ArgumentTable = NoEntries,
  const Flags extends FlagTable = NoEntries,
>(table: CommandTable<Arguments, Flags>): Command {
  return {
    ...table,
    aliases: table.aliases ?? [],
    arguments: table.arguments ?? {},
    flags: table.flags ?? {},
    hidden: table.hidden ?? false,
  };
}

/** `resourceUri` of a table is `--resource-uri` on the command line. */
export function longName(key: string, { long }: FlagSpec): string {
  return long ?? key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
