import type { ClientRequest, IncomingMessage } from 'node:http';
import { connectionFailure } from '../failures/connection-failure';
import { Failure } from '../failures/failure';
import { refusalOf } from '../failures/refusal';
import { type Connection } from './connection';
import { writeBody, writeStream } from './upload';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Request {
  readonly method: Method;
  /** Below the endpoint. */
  readonly path: string;
  /** Sent as JSON, or as it is when it is text. */
  readonly body?: unknown;
  /** A body that is sent while it is made. */
  readonly stream?: AsyncIterable<string>;
  readonly headers?: Readonly<Record<string, string>>;
  /** The request only asks, although its method could change something. */
  readonly changesNothing?: true;
  /** What a slow answer is about, e.g. `an event`. */
  readonly awaits?: string;
  /** How long the server is asked to hold its answer, in milliseconds; it may be silent for that much longer. */
  readonly heldMs?: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

export interface HttpClientOptions {
  readonly endpoint: string;
  readonly token: string;
  readonly connection: Connection;
  /** How long the other side may be silent, in milliseconds. */
  readonly timeoutMs: number;
  /** Ends every request. */
  readonly signal: AbortSignal;
  readonly userAgent: string;
  /** Called for each request when it is answered. */
  readonly onAnswer: (request: Request, answer: IncomingMessage, milliseconds: number) => void;
  /** Called when an answer takes longer than a person waits without asking why. */
  readonly onSlow: (awaited: string) => void;
  /** Called instead of sending a request that would change something; absent to send it. */
  readonly onDryRun?: (request: Request) => never;
}

/** How long a person waits without asking why, in milliseconds. */
export const PATIENCE_MS = 5_000;

const OK = 200;
const REDIRECT = 300;
const BAD_REQUEST = 400;

/** The HTTP of a control plane's gateway: the token, JSON, and every failure as a sentence. */
export class HttpClient {
  /** Whether the server has taken a request that changes something. */
  private hasChanged = false;

  constructor(private readonly options: HttpClientOptions) {}

  get endpoint(): string {
    return this.options.endpoint;
  }

  /**
   * @returns the JSON of the answer, undefined when it has no body. Its type is what the contract promises
   * @throws Failure when the server cannot be reached
   * @throws Refusal when it does not answer with success
   */
  async json<Body>(request: Request): Promise<Body> {
    const { text } = await this.send(request);
    if (text.trim() === '') {
      return undefined as Body;
    }
    try {
      return JSON.parse(text) as Body;
    } catch (error) {
      throw new Failure('failed', `${this.endpoint} does not answer with JSON`, {
        hint: 'Is it the API of a control plane? It usually ends with /api.',
        cause: error,
      });
    }
  }

  /** The whole answer, as text. Throws as {@link json} does. */
  async send(request: Request): Promise<Answer> {
    const answer = await this.open(request);
    const { statusCode: status = 0, headers } = answer;
    const text = await this.read(answer);
    if (status < OK || status >= REDIRECT) {
      throw this.refusal(status, text, headers.location);
    }
    return { status, headers, text };
  }

  /** An answer whose text is read while it comes in. Throws as {@link json} does. */
  async *stream(request: Request): AsyncIterable<string> {
    const answer = await this.open(request);
    const { statusCode: status = 0, headers } = answer;
    if (status < OK || status >= REDIRECT) {
      throw this.refusal(status, await this.read(answer), headers.location);
    }
    answer.setEncoding('utf8');
    try {
      for await (const chunk of answer) {
        yield chunk as string;
      }
    } catch (error) {
      throw this.failureOf(error);
    }
  }

  private refusal(status: number, text: string, location: string | undefined): Failure {
    return status < BAD_REQUEST && location !== undefined
      ? new Failure('failed', `${this.endpoint} sends us elsewhere: ${location}`, {
          hint: 'Use that address as endpoint, if you trust it.',
        })
      : refusalOf(status, text, this.endpoint);
  }

  /** Sends a request, and resolves with the head of its answer. */
  private async open(request: Request): Promise<IncomingMessage> {
    const { connection, onAnswer, onDryRun, signal } = this.options;
    const changes = request.method !== 'GET' && request.changesNothing !== true;
    if (onDryRun !== undefined && changes) {
      onDryRun(request);
    }
    const timeout = this.options.timeoutMs + (request.heldMs ?? 0);
    const startedAt = performance.now();
    const body = bodyOf(request);
    let patience: NodeJS.Timeout | undefined;
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const outgoing = connection.request(
        `${this.endpoint}${request.path}`,
        // A timeout that is given from the start holds for connecting as well, to a proxy included.
        { method: request.method, headers: this.headersOf(request, body), signal, timeout },
        resolve,
      );
      outgoing.once('error', (error) => {
        // Of a body that is made while it is sent, the server has used what has come.
        const isAtWork = changes && (outgoing.writableFinished || request.stream !== undefined);
        reject(this.failureOf(error, { isAtWork }));
      });
      outgoing.once('finish', () => {
        patience = setTimeout(this.options.onSlow, PATIENCE_MS, awaitedBy(request));
      });
      this.limit(outgoing, timeout, reject);
      if (request.stream === undefined) {
        writeBody(outgoing, body);
      } else {
        writeStream(outgoing, request.stream, reject);
      }
    }).finally(() => {
      clearTimeout(patience);
    });
    this.hasChanged ||= changes && (answer.statusCode ?? 0) < BAD_REQUEST;
    onAnswer(request, answer, performance.now() - startedAt);
    return answer;
  }

  private headersOf({ headers }: Request, body: Buffer | undefined): Record<string, string | number> {
    return {
      'user-agent': this.options.userAgent,
      accept: 'application/json',
      'x-token': this.options.token,
      ...(body !== undefined && { 'content-type': 'application/json', 'content-length': body.length }),
      ...headers,
    };
  }

  private limit(outgoing: ClientRequest, timeoutMs: number, reject: (failure: Failure) => void): void {
    outgoing.once('timeout', () => {
      reject(
        new Failure('unreachable', `${this.endpoint} did not answer within ${Math.round(timeoutMs / 1000)} seconds`, {
          hint: 'Give it more time with --request-timeout, or see what "keptn doctor" says.',
        }),
      );
      outgoing.destroy();
    });
  }

  private async read(answer: IncomingMessage): Promise<string> {
    answer.setEncoding('utf8');
    const chunks: string[] = [];
    try {
      for await (const chunk of answer) {
        chunks.push(chunk as string);
      }
    } catch (error) {
      throw this.failureOf(error);
    }
    return chunks.join('');
  }

  /**
   * What to say when a connection breaks, or a person has ended the command.
   *
   * @param isAtWork whether the server may have all of a request that changes something, or a part that it uses
   */
  private failureOf(error: unknown, { isAtWork } = { isAtWork: false }): Failure {
    if (!this.options.signal.aborted) {
      return connectionFailure(this.endpoint, error, this.options.connection.proxy);
    }
    if (isAtWork) {
      return new Failure('interrupted', 'interrupted while the server was at work: it may have finished or not', {
        hint: 'Look before you try again.',
      });
    }
    return this.hasChanged
      ? new Failure('interrupted', 'interrupted after something was changed', {
          hint: 'Look before you try again.',
        })
      : new Failure('interrupted', 'interrupted before anything was changed');
  }
}

const awaitedBy = ({ awaits, method, path }: Request): string =>
  awaits ?? `the answer to ${method} ${path.replace(/\?.*/s, '')}`;

function bodyOf({ body }: Request): Buffer | undefined {
  if (body === undefined) {
    return undefined;
  }
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}
