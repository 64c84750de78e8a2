import { type ExitCode } from './exit-code';
import { Failure } from './failure';

/** The server has answered, and not with what was asked for. */
export class Refusal extends Failure {
  constructor(
    readonly status: number,
    message: string,
    hint?: string,
  ) {
    super(exitOf(status), message, { hint });
  }
}

/**
 * @param body of an answer that is no success; JSON with a `message`, or what a proxy in between writes
 * @param endpoint where the request went
 */
export function refusalOf(status: number, body: string, endpoint: string): Refusal {
  return new Refusal(
    status,
    messageOf(body) ?? `the server answered with status ${status} and no message`,
    hintOf(status, endpoint),
  );
}

function exitOf(status: number): ExitCode {
  switch (status) {
    case 401:
    case 403:
      return 'notAuthenticated';
    case 404:
      return 'notFound';
    case 409:
    case 412:
      return 'conflict';
    case 429:
    case 502:
    case 503:
    case 504:
      return 'unreachable';
    default:
      return 'failed';
  }
}

function hintOf(status: number, endpoint: string): string | undefined {
  switch (status) {
    case 401:
    case 403:
      return `${endpoint} does not accept the API token: authenticate again with "keptn auth".`;
    case 413:
      return 'The server limits the size of a request: split it, or raise the limit there.';
    case 429:
      return 'Too many failed attempts: wait a minute, then check the token.';
    case 502:
    case 503:
    case 504:
      return 'A part of the control plane is not ready: try again in a moment; "keptn doctor" tells more.';
    default:
      return undefined;
  }
}

function messageOf(body: string): string | undefined {
  try {
    const { message } = JSON.parse(body) as { message?: unknown };
    return typeof message === 'string' && message !== '' ? message : undefined;
  } catch {
    // HTML of a proxy: its title says what it means.
    return /<title>([^<]+)<\/title>/i.exec(body)?.[1]?.trim();
  }
}
