import { type LookupFunction } from 'node:net';
import { Pool } from 'undici';
import { outcomeOf, type ReceiverKind, retryAfterMs } from './outcome';
import { type SinkAnswer } from './sink';

/** What is kept of an answer, in bytes. */
const KEPT_OF_ANSWER = 1_024;

/** More of an answer is not read, in bytes; the connection is closed instead. */
const READ_OF_ANSWER = 64 * 1_024;

/** Headers of an answer, in bytes; Node's own default. */
const HEADERS_LIMIT = 16 * 1_024;

const CONNECT_TIMEOUT_MS = 5_000;

export interface HttpPostOptions {
  readonly url: URL;
  readonly receiver: ReceiverKind;
  /** For the whole request, its answer included. */
  readonly timeoutMs: number;
  readonly connections: number;
  /** Finds the addresses that may be connected to; any when absent. */
  readonly lookup?: LookupFunction;
}

export interface PostContent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** With the query; those of the URL when absent. */
  readonly path?: string;
}

/** Posts to one URL, follows no redirect, and reads no more of an answer than it keeps the connection for. */
export class HttpPost {
  private readonly pool: Pool;
  private readonly path: string;

  constructor(private readonly options: HttpPostOptions) {
    const { url, connections, timeoutMs, lookup } = options;
    this.path = url.pathname + url.search;
    this.pool = new Pool(url.origin, {
      connections,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      maxHeaderSize: HEADERS_LIMIT,
      connect: { timeout: Math.min(CONNECT_TIMEOUT_MS, timeoutMs), ...(lookup !== undefined && { lookup }) },
    });
  }

  async send({ headers, body, path = this.path }: PostContent, signal: AbortSignal): Promise<SinkAnswer> {
    const deadline = AbortSignal.timeout(this.options.timeoutMs);
    try {
      const response = await this.pool.request({
        method: 'POST',
        path,
        headers: { accept: '*/*', ...headers },
        body,
        signal: AbortSignal.any([signal, deadline]),
      });
      const answer = await startOf(response.body);
      const { statusCode: status } = response;
      const pause = retryAfterMs([response.headers['retry-after']].flat()[0], Date.now());
      return {
        outcome: outcomeOf(status, this.options.receiver),
        status,
        ...(answer !== '' && { answer }),
        ...(pause !== undefined && { retryAfterMs: pause }),
      };
    } catch (error) {
      const reason = deadline.aborted ? `no answer within ${this.options.timeoutMs} ms` : describe(error);
      return { outcome: 'failed', error: reason };
    }
  }

  async close(): Promise<void> {
    await this.pool.destroy();
  }
}

/** Reads to the end if that is near, so that the connection can be used again. */
async function startOf(body: AsyncIterable<Buffer> & { destroy(): unknown }): Promise<string> {
  const kept: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    if (length < KEPT_OF_ANSWER) kept.push(chunk.subarray(0, KEPT_OF_ANSWER - length));
    length += chunk.length;
    // Leaving the loop destroys the body, and its connection.
    if (length > READ_OF_ANSWER) break;
  }
  return Buffer.concat(kept).toString('utf8');
}

const describe = (error: unknown): string => (error instanceof Error ? error.message : String(error));
