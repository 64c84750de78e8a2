import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { type Readable } from 'node:stream';

const COMMAND = join(import.meta.dirname, '../../../dist/apps/cli/keptn.js');

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CallOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** The input goes on for ever, although nothing comes. */
  readonly keepsInputOpen?: boolean;
  readonly folder?: string;
}

/** The keptn command as a process of its own, as scripts run it: piped and without a terminal. */
export class RunningCommand {
  readonly child;
  private readonly ended: Promise<unknown>;
  private stdout = '';
  private stderr = '';

  constructor(
    words: readonly string[],
    { environment = {}, input = '', keepsInputOpen = false, folder }: CallOptions = {},
  ) {
    this.child = spawn(process.execPath, [COMMAND, ...words], {
      env: { PATH: process.env['PATH'], ...environment },
      cwd: folder,
      stdio: 'pipe',
    });
    this.ended = once(this.child, 'close');
    this.child.stdout.on('data', (chunk: Buffer) => (this.stdout += chunk.toString()));
    this.child.stderr.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.child.stdin.write(input);
    if (!keepsInputOpen) {
      this.child.stdin.end();
    }
  }

  /** Resolves with what is on stdout as soon as `text` is among it. */
  async printed(text: string): Promise<string> {
    await this.until(this.child.stdout, () => this.stdout.includes(text), text);
    return this.stdout;
  }

  /** Resolves as soon as `text` is on stderr. */
  reported(text: string): Promise<void> {
    return this.until(this.child.stderr, () => this.stderr.includes(text), text);
  }

  /** What is on stderr so far. */
  get errors(): string {
    return this.stderr;
  }

  private async until(stream: Readable, isThere: () => boolean, text: string): Promise<void> {
    while (!isThere()) {
      await Promise.race([once(stream, 'data'), this.ended]);
      if (this.child.exitCode !== null && !isThere()) {
        throw new Error(`keptn ended without printing "${text}":\n${this.stdout}${this.stderr}`);
      }
    }
  }

  async outcome(): Promise<Outcome> {
    await this.ended;
    return { code: this.child.exitCode, stdout: this.stdout, stderr: this.stderr };
  }
}

export const runKeptn = (words: readonly string[], options?: CallOptions): Promise<Outcome> =>
  new RunningCommand(words, options).outcome();

/** Runs it for its JSON. */
export async function keptnJson(words: readonly string[], options?: CallOptions): Promise<unknown> {
  const { code, stdout, stderr } = await runKeptn([...words, '--output=json'], options);
  if (code !== 0) {
    throw new Error(`keptn ${words.join(' ')} ended with ${code ?? 'a signal'}: ${stderr}`);
  }
  return JSON.parse(stdout);
}
