import { type Command as Parser, CommanderError } from 'commander';
import { commands, groups } from '../commands';
import { exitCodes } from '../failures/exit-code';
import { Failure, reasonOf, UsageFailure } from '../failures/failure';
import { type Format, Output } from '../output/output';
import { printable } from '../output/printable';
import { type Command } from './command';
import { DryRunEnd, showDryRun } from './dry-run';
import { buildProgram, type Values } from './program';
import { Session } from './session';

const STANDARD_TIMEOUT_S = 60;
const LONGEST_TIMEOUT_S = 24 * 3600;

/** Runs one command line, and sets the exit code of the process. */
export async function run(words: readonly string[]): Promise<void> {
  watchStdout();
  try {
    await parse(words);
  } catch (error) {
    report(error);
  }
}

async function parse(words: readonly string[]): Promise<void> {
  const program = buildProgram({ groups, commands, execute });
  // `keptn help create project` as well as `keptn create project --help`.
  const line = words[0] === 'help' ? [...words.slice(1), '--help'] : words;
  try {
    await program.parseAsync(line.length === 0 ? ['--help'] : line, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) {
      throw error;
    }
    if (error.code !== 'commander.helpDisplayed') {
      throw misuse(error, program, line);
    }
  }
}

/** What a person reads who has mistyped. */
function misuse(error: CommanderError, program: Parser, words: readonly string[]): Failure {
  const parser = deepest(program, words);
  const name = `keptn${ancestors(parser)}`;
  const message =
    error.code === 'commander.help'
      ? `"${name}" needs one more word: ${parser.commands.map((child) => child.name()).join(', ')}`
      : error.message.replace(/^error: /, '');
  const [first = '', suggestion] = message.split('\n');
  return new UsageFailure(
    first,
    `${suggestion === undefined ? '' : `${suggestion.replace(/[()]/g, '')} `}See "${name} --help".`,
  );
}

function deepest(program: Parser, words: readonly string[]): Parser {
  const child = program.commands.find((each) => each.name() === words[0] || each.aliases().includes(words[0] ?? ''));
  return child === undefined ? program : deepest(child, words.slice(1));
}

const ancestors = (parser: Parser): string =>
  parser.parent === null ? '' : `${ancestors(parser.parent)} ${parser.name()}`;

async function execute(command: Command, input: Values, globals: Values): Promise<void> {
  const output = new Output({
    format: globals['output'] as Format | undefined,
    quiet: globals['quiet'] === true,
    colors: colorsOn(process.stdout, globals),
  });
  const session = new Session(output, {
    context: globals['context'] as string | undefined,
    caFile: globals['caFile'] as string | undefined,
    insecure: globals['insecure'] === true,
    verbose: globals['verbose'] === true,
    timeoutMs: timeoutOf(globals['requestTimeout'] as string | undefined),
  });
  const interrupt = (): void => {
    session.interrupt();
  };
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    await command.run(input as never, session);
  } catch (error) {
    if (!(error instanceof DryRunEnd)) {
      throw error;
    }
    await showDryRun(error, output);
  } finally {
    session.close();
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

function timeoutOf(text: string | undefined): number {
  const seconds = text === undefined ? STANDARD_TIMEOUT_S : Number(text);
  if (!(seconds > 0 && seconds <= LONGEST_TIMEOUT_S)) {
    throw new UsageFailure('--request-timeout must be a number of seconds, at most a day');
  }
  return seconds * 1000;
}

const colorsOn = (stream: NodeJS.WriteStream, globals: Values): boolean =>
  stream.isTTY &&
  globals['color'] !== false &&
  (process.env['NO_COLOR'] ?? '') === '' &&
  process.env['TERM'] !== 'dumb';

/** One line on stderr that says what is wrong, and one that says what to do. */
function report(error: unknown): void {
  const failure = error instanceof Failure ? error : new Failure('failed', `unexpected: ${reasonOf(error)}`);
  process.stderr.write(`Error: ${printable(failure.message)}\n`);
  if (failure.hint !== undefined) {
    process.stderr.write(`${printable(failure.hint)}\n`);
  }
  process.exitCode = exitCodes[failure.exit].code;
}

/** A reader that goes away, such as `head`, is no failure to talk about; a full disk is. */
function watchStdout(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') {
      process.exit(exitCodes.brokenPipe.code);
    }
    process.stderr.write(`Error: the output cannot be written: ${reasonOf(error)}\n`);
    process.exit(exitCodes.failed.code);
  });
}
