import { type ExitCode } from './exit-code';

interface FailureOptions {
  /** What the person can do about it, as a sentence. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/** A command cannot do what it was asked for. Its message is one line for a person, without a full stop. */
export class Failure extends Error {
  readonly hint: string | undefined;

  constructor(
    readonly exit: ExitCode,
    message: string,
    { hint, cause }: FailureOptions = {},
  ) {
    super(message, { cause });
    this.hint = hint;
  }
}

/** The command line is not right. */
export class UsageFailure extends Failure {
  constructor(message: string, hint?: string) {
    super('usage', message, { hint });
  }
}

/** The reason of a failed system call in words, e.g. `no space left on device`. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  // Node writes `ENOSPC: no space left on device, write`.
  return /^[A-Z0-9]+: (.+?)(?:, \w+.*)?$/.exec(error.message)?.[1] ?? error.message;
}
