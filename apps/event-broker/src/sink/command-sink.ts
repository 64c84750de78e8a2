import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { finished } from 'node:stream/promises';
import { type LogEvent } from '../log/log-event';
import { type ListedCommand } from './listed-commands';
import { REPORTED_OF_ANSWER, type Sink, type SinkAnswer } from './sink';

const SCHEME = 'command:';

/** The command that a sink names; undefined for a URL. */
export const commandNameOf = (sink: string): string | undefined =>
  sink.startsWith(SCHEME) ? sink.slice(SCHEME.length) : undefined;

/** `EX_TEMPFAIL` of sysexits.h: to be tried again. */
const TRY_AGAIN = 75;

/** What the program has printed is here this long after its end at the latest, in milliseconds. */
const LAST_OUTPUT_MS = 1_000;

/** What is kept of the error output, in characters: its last lines say what is wrong. */
const KEPT_OF_ERRORS = 1_000;

/**
 * Runs a command for each event, which it gets as JSON on its standard input. What it prints is its answer; exit code 0 accepts
 * the event, 75 asks for another attempt, any other refuses it.
 */
export class CommandSink implements Sink {
  readonly groupSize = 1;

  /** @param path folders that programs are looked for in, as in `PATH`; nothing else of this process's environment, which holds secrets, is passed on */
  constructor(
    private readonly command: ListedCommand,
    private readonly path: string,
  ) {}

  async send([event]: readonly LogEvent[], signal: AbortSignal): Promise<SinkAnswer> {
    if (event === undefined) return { outcome: 'accepted' };
    const { timeoutMs } = this.command;
    const deadline = AbortSignal.timeout(timeoutMs);
    try {
      return await this.run(event, AbortSignal.any([signal, deadline]));
    } catch (error) {
      if (deadline.aborted) return { outcome: 'failed', error: `no end within ${timeoutMs} ms` };
      if (signal.aborted) return { outcome: 'failed', error: 'the command was cut off' };
      return { outcome: 'failed', error: error instanceof Error ? error.message : String(error) };
    }
  }

  private async run(event: LogEvent, signal: AbortSignal): Promise<SinkAnswer> {
    const { run, environment, folder } = this.command;
    const [program, ...programArguments] = run;
    const child = spawn(program, programArguments, {
      cwd: folder,
      env: { PATH: this.path, ...environment },
      // A group of its own, which can be ended as a whole.
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const ended = once(child, 'exit', { signal });
    // What could not be started has nothing else either.
    if (child.pid === undefined) await ended;
    try {
      // Who does not read its input may close it.
      child.stdin.on('error', () => undefined);
      child.stdin.end(event.text);
      const [output, errors] = [collected(child.stdout), collected(child.stderr)];
      const [code] = (await ended) as [number | null];
      await lastOutputOf(child);
      if (code === null) throw new Error(`ended by ${child.signalCode ?? 'a signal'}`);
      const answer = output.text().slice(0, REPORTED_OF_ANSWER);
      if (code === 0) return { outcome: 'accepted', ...(answer !== '' && { answer }) };
      const said = errors.text().trim().slice(-KEPT_OF_ERRORS);
      return {
        outcome: code === TRY_AGAIN ? 'failed' : 'refused',
        error: `exit code ${code}${said && `: ${said}`}`,
        ...(answer !== '' && { answer }),
      };
    } finally {
      if (signal.aborted) endGroup(child);
      for (const stream of child.stdio) stream?.destroy();
    }
  }
}

/** What a program leaves behind in a session of its own may hold its output open for ever. */
async function lastOutputOf({ stdout, stderr }: ChildProcessWithoutNullStreams): Promise<void> {
  const signal = AbortSignal.timeout(LAST_OUTPUT_MS);
  await Promise.allSettled([finished(stdout, { signal }), finished(stderr, { signal })]);
}

function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

/** What a stream has said so far, but for the middle of what is too long. */
function collected(stream: NodeJS.ReadableStream): { text(): string } {
  let text = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    text += chunk;
    if (text.length > 2 * REPORTED_OF_ANSWER)
      text = text.slice(0, REPORTED_OF_ANSWER) + text.slice(-REPORTED_OF_ANSWER);
  });
  return { text: () => text };
}
