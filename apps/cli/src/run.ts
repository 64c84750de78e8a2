import { type Command as Parser, CommanderError } from 'commander';
import { commands, groups } from './commands';
import { answerInstead, COMPAT_VERSIONS, Keptn07Output, keptn07ExitCode } from './compat/keptn-0.7';
import { type Environment, expandTilde, readEnvironment } from './environment';
import { exitCodes } from './failures/exit-code';
import { Failure, reasonOf, UsageFailure } from './failures/failure';
import { type Format, Output } from './output/output';
import { printable } from './output/printable';
import { type Command } from './command-line/command';
import { DryRunEnd, showDryRun } from './command-line/dry-run';
import { buildProgram, type ProgramTable, type Values } from './command-line/program';
import { Session, type SessionOptions } from './command-line/session';
import { STANDARD_TIMEOUT_S } from './command-line/shared-flags';

const LONGEST_TIMEOUT_S = 24 * 3600;

/** Runs one command line, and sets the exit code of the process. */
export async function run(words: readonly string[]): Promise<void> {
  watchStdout();
  watchStderr();
  let imitatesKeptn07 = false;
  try {
    const environment = readEnvironment();
    imitatesKeptn07 = isCompat(environment, words);
    await parse(words, (command, input, globals) => execute(command, input, { globals, environment, imitatesKeptn07 }));
  } catch (error) {
    const failure = error instanceof Failure ? error : new Failure('failed', `unexpected: ${reasonOf(error)}`);
    report(failure, imitatesKeptn07 ? keptn07ExitCode(failure.exit) : exitCodes[failure.exit].code);
  }
}

/** Known before the command line is parsed, because the exit code of a wrong one depends on it. */
function isCompat({ compat }: Environment, words: readonly string[]): boolean {
  if (compat !== undefined && !COMPAT_VERSIONS.some((version) => version === compat)) {
    throw new UsageFailure(`KEPTN_COMPAT is "${compat}"`, `It can be ${COMPAT_VERSIONS.join(' or ')}.`);
  }
  return compat !== undefined || words.some((word) => /^--compat(?:=|$)/.test(word));
}

async function parse(words: readonly string[], execute: ProgramTable['execute']): Promise<void> {
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

/** What to print about a wrong command line. */
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

interface Execution {
  readonly globals: Values;
  readonly environment: Environment;
  readonly imitatesKeptn07: boolean;
}

async function execute(
  command: Command,
  input: Values,
  { globals, environment, imitatesKeptn07 }: Execution,
): Promise<void> {
  const options = {
    // A command with formats of its own has a flag of its own.
    format: (input['output'] ?? globals['output']) as Format | undefined,
    quiet: globals['quiet'] === true,
    colors: process.stdout.isTTY && globals['color'] !== false && environment.mayUseColors,
  };
  const output = imitatesKeptn07 ? new Keptn07Output(options, command.words) : new Output(options);
  const session = new Session(output, sessionOptions(globals), environment);
  const interrupt = (): void => {
    session.interrupt();
  };
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    await command.run(input as never, session);
  } catch (error) {
    const answer = imitatesKeptn07 && error instanceof Failure ? answerInstead(command.words, error) : undefined;
    if (answer !== undefined) {
      output.raw(Buffer.from(`${printable(answer)}\n`));
    } else if (error instanceof DryRunEnd) {
      await showDryRun(error, output);
    } else {
      throw error;
    }
  } finally {
    session.close();
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

const sessionOptions = (globals: Values): SessionOptions => ({
  context: globals['context'] as string | undefined,
  caFile: globals['caFile'] === undefined ? undefined : expandTilde(globals['caFile'] as string),
  insecure: globals['insecure'] === true,
  verbose: globals['verbose'] === true,
  timeoutMs: timeoutOf(globals['requestTimeout'] as string | undefined),
});

function timeoutOf(text: string | undefined): number {
  const seconds = text === undefined ? STANDARD_TIMEOUT_S : Number(text);
  if (!(seconds > 0 && seconds <= LONGEST_TIMEOUT_S)) {
    throw new UsageFailure('--request-timeout must be a number of seconds, at most a day');
  }
  return seconds * 1000;
}

/** One line on stderr about what is wrong, and one about what to do. */
function report({ message, hint }: Failure, exitCode: number): void {
  process.stderr.write(`Error: ${printable(message)}\n`);
  if (hint !== undefined) {
    process.stderr.write(`${printable(hint)}\n`);
  }
  process.exitCode = exitCode;
}

/** What nobody reads there changes neither the answer nor the exit code. */
function watchStderr(): void {
  process.stderr.on('error', () => undefined);
}

/** A reader that goes away, such as `head`, is no failure; a full disk is. */
function watchStdout(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') {
      process.exit(exitCodes.brokenPipe.code);
    }
    process.stderr.write(`Error: the output cannot be written: ${reasonOf(error)}\n`);
    process.exit(exitCodes.failed.code);
  });
}
