import { type Dispatcher } from 'undici';
import { outcomeOf, type ReceiverKind, retryAfterMs } from './outcome';
import { type SinkAnswer } from './sink';

/** More of an answer is not read, in bytes; the connection is closed instead. */
const READ_OF_ANSWER = 64 * 1_024;

export interface HttpPostOptions {
  readonly url: URL;
  readonly receiver: ReceiverKind;
  /** For the whole request, its answer included. */
  readonly timeoutMs: number;
  /** What is kept of an answer, in bytes. */
  readonly keptOfAnswer: number;
  readonly connections: Dispatcher;
}

export interface PostContent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** With the query; those of the URL when absent. */
  readonly path?: string;
}

/** Posts to one URL, follows no redirect, and reads no more of an answer than it keeps the connection for. */
export class HttpPost {
  private readonly path: string;

  constructor(private readonly options: HttpPostOptions) {
    this.path = options.url.pathname + options.url.search;
  }

  async send({ headers, body, path = this.path }: PostContent, signal: AbortSignal): Promise<SinkAnswer> {
    const { url, receiver, timeoutMs, keptOfAnswer, connections } = this.options;
    // AbortSignal.timeout and .any would cost as much as the rest of a small request.
    const cutOff = new AbortController();
    const abort = (): void => {
      cutOff.abort();
    };
    const late = `no answer within ${timeoutMs} ms`;
    const deadline = setTimeout(() => {
      cutOff.abort(late);
    }, timeoutMs);
    signal.addEventListener('abort', abort);
    try {
      const response = await connections.request({
        origin: url.origin,
        method: 'POST',
        path,
        headers: { accept: '*/*', ...headers },
        body,
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
        signal: cutOff.signal,
      });
      const answer = await startOf(response.body, keptOfAnswer);
      const { statusCode: status } = response;
      const pause = retryAfterMs([response.headers['retry-after']].flat()[0], Date.now());
      return {
        outcome: outcomeOf(status, receiver),
        status,
        ...(answer !== '' && { answer }),
        ...(pause !== undefined && { retryAfterMs: pause }),
      };
    } catch (error) {
      return { outcome: 'failed', error: cutOff.signal.reason === late ? late : describe(error) };
    } finally {
      clearTimeout(deadline);
      signal.removeEventListener('abort', abort);
    }
  }
}

/** Reads to the end if that is near, so that the connection can be used again. */
async function startOf(body: AsyncIterable<Buffer>, keptBytes: number): Promise<string> {
  const kept: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    if (length < keptBytes) kept.push(chunk.subarray(0, keptBytes - length));
    length += chunk.length;
    // Leaving the loop destroys the body, and its connection.
    if (length > READ_OF_ANSWER) break;
  }
  return Buffer.concat(kept).toString('utf8');
}

const describe = (error: unknown): string => (error instanceof Error ? error.message : String(error));
