import { Argument, Command as Parser, Option } from 'commander';
import { UsageFailure } from '../failures/failure';
import { type ArgumentSpec, type Command, type FlagSpec, type FlagTable, type Group, longName } from './command';
import { afterCommand, afterGroup, afterProgram } from './help';
import { globalFlags } from './shared-flags';

/** The values of flags by their keys in the table; undefined where the command line says nothing. */
export type Values = Readonly<Record<string, unknown>>;

export interface ProgramTable {
  readonly groups: readonly Group[];
  readonly commands: readonly Command[];
  readonly execute: (command: Command, input: Values, globals: Values) => Promise<void>;
}

/** The parser of the whole command line, made from the tables of the commands. */
export function buildProgram({ groups, commands, execute }: ProgramTable): Parser {
  const program = new Parser('keptn')
    .description('The command line of a Keptn control plane.')
    .usage('COMMAND [flags]')
    .helpCommand(false)
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .configureHelp({ showGlobalOptions: false, subcommandTerm: termOf });
  program.addHelpOption(new Option('-h, --help', 'Show help').helpGroup('Global flags:'));
  const globalReader = addFlags(program, globalFlags, 'Global flags:');
  program.addHelpText('after', afterProgram());
  for (const command of commands) {
    describe(at(program, command.words), command, (input, globals) =>
      execute(command, input, { ...globalReader(), ...globals }),
    );
  }
  for (const group of groups) {
    at(program, group.words)
      .description(group.summary)
      .summary(group.summary)
      .addHelpText('after', afterGroup(group, commands));
  }
  return program;
}

/** The parser of the words, made if it is not there yet. */
function at(program: Parser, words: readonly string[]): Parser {
  return words.reduce(
    (parent, word) => parent.commands.find((child) => child.name() === word) ?? parent.command(word).helpCommand(false),
    program,
  );
}

function describe(parser: Parser, command: Command, run: (input: Values, globals: Values) => Promise<void>): void {
  parser
    .description([`${command.summary}.`, ...(command.details === undefined ? [] : [command.details])].join('\n\n'))
    .summary(command.summary)
    .aliases([...command.aliases])
    .allowExcessArguments(false)
    .addHelpText('after', afterCommand(command));
  for (const [name, spec] of Object.entries(command.arguments)) {
    parser.addArgument(argumentOf(name, spec));
  }
  const readFlags = addFlags(parser, command.flags, 'Flags:');
  const readGlobals = addFlags(parser, globalsBeside(command), 'Global flags:');
  parser.action(async () => {
    const given = Object.keys(command.arguments).map(
      (name, index) => [name, parser.processedArgs[index] as unknown] as const,
    );
    const flags = readFlags();
    assertComplete(command, flags);
    await run({ ...Object.fromEntries<unknown>(given), ...flags }, readGlobals());
  });
  if (command.hidden) {
    hide(parser);
  }
}

/**
 * The parser would ask for the required flags of `send event` in `send event new-artifact` as well.
 *
 * @throws UsageFailure
 */
function assertComplete({ words, flags }: Command, given: Values): void {
  const missing = Object.entries(flags).filter(([key, { required }]) => required === true && given[key] === undefined);
  if (missing.length > 0) {
    const names = missing.map(([key, spec]) => `--${longName(key, spec)}`);
    throw new UsageFailure(`${names.join(' and ')} missing`, `See "keptn ${words.join(' ')} --help".`);
  }
}

/** A global flag gives way to a flag of the command that is called the same. */
function globalsBeside({ flags }: Command): FlagTable {
  const own = Object.values(flags);
  const clash = ([key, { short }]: [string, FlagSpec]) =>
    key in flags || (short !== undefined && own.some((flag) => flag.short === short));
  return Object.fromEntries(Object.entries<FlagSpec>(globalFlags).filter((entry) => !clash(entry)));
}

function argumentOf(name: string, { summary, optional, rest, choices }: ArgumentSpec): Argument {
  const word = rest === true ? `${name}...` : name;
  const argument = new Argument(optional === true || rest === true ? `[${word}]` : `<${word}>`, summary);
  return choices === undefined ? argument : argument.choices(choices);
}

/** @returns reads their values once the command line is parsed */
function addFlags(parser: Parser, flags: FlagTable, heading: string): () => Values {
  const options = Object.entries(flags).map(([key, spec]) => [key, optionOf(key, spec).helpGroup(heading)] as const);
  options.forEach(([, option]) => parser.addOption(option));
  return () => {
    const values = parser.opts<Record<string, unknown>>();
    return Object.fromEntries(
      options.flatMap(([key, option]) => {
        const name = option.attributeName();
        return parser.getOptionValueSource(name) === 'cli' ? [[key, values[name]]] : defaultOf(key, flags[key]);
      }),
    );
  };
}

/** Switches are false unless given; a list is empty; the rest stays out. */
function defaultOf(key: string, spec: FlagSpec | undefined): [string, unknown][] {
  if (spec?.many === true) {
    return [[key, []]];
  }
  return spec?.value === undefined && !(key in globalFlags) ? [[key, false]] : [];
}

function optionOf(key: string, spec: FlagSpec): Option {
  const { short, value, summary, many, choices, hidden } = spec;
  const names = `${short === undefined ? '' : `-${short}, `}--${longName(key, spec)}`;
  const option = new Option(
    value === undefined ? names : `${names} <${value}>`,
    spec.required === true ? `${summary} (required)` : summary,
  );
  if (choices !== undefined) {
    option.choices(choices);
  }
  if (many === true) {
    option.argParser((text: string, before: readonly string[] | undefined) => [...(before ?? []), text]);
  }
  option.hideHelp(hidden === true);
  return option;
}

/** Aliases are for those who know them; help shows the one name. */
const termOf = (parser: Parser): string =>
  [
    parser.name(),
    ...parser.registeredArguments.map((argument) =>
      argument.required ? `<${argument.name()}>` : `[${argument.name()}]`,
    ),
  ].join(' ');

/** The public way to hide a command is an option of its creation; the words are created before it is known. */
function hide(parser: Parser): void {
  const parent = parser.parent;
  parent?.configureHelp({
    ...parent.configureHelp(),
    visibleCommands: (of) => of.commands.filter((child) => child !== parser),
  });
}
