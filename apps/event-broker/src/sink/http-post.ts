import { HttpExchange } from './http-exchange';
import { type ReceiverKind } from './outcome';
import { type SinkAnswer } from './sink';
import { type SinkConnections } from './sink-connections';

export interface HttpPostOptions {
  readonly url: URL;
  readonly receiver: ReceiverKind;
  /** For the whole request, its answer included. */
  readonly timeoutMs: number;
  /** What is kept of an answer, in bytes. */
  readonly keptOfAnswer: number;
  readonly connections: SinkConnections;
}

export interface PostContent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** With the query; those of the URL when absent. */
  readonly path?: string;
}

/** Posts to one URL, follows no redirect, and reads no more of an answer than it keeps the connection for. */
export class HttpPost {
  private readonly origin: string;
  private readonly path: string;

  constructor(private readonly options: HttpPostOptions) {
    const { origin, pathname, search } = options.url;
    this.origin = origin;
    this.path = pathname + search;
  }

  send({ headers, body, path = this.path }: PostContent, signal: AbortSignal): Promise<SinkAnswer> {
    const { receiver, timeoutMs, keptOfAnswer, connections } = this.options;
    return new Promise((resolve) => {
      const cutOff = (): void => {
        exchange.cancel('the request was cut off');
      };
      const deadline = setTimeout(() => {
        exchange.cancel(`no answer within ${timeoutMs} ms`);
      }, timeoutMs);
      const exchange = new HttpExchange({ receiver, keptOfAnswer }, (answer) => {
        clearTimeout(deadline);
        signal.removeEventListener('abort', cutOff);
        resolve(answer);
      });
      signal.addEventListener('abort', cutOff);
      try {
        connections.dispatch(
          this.origin,
          {
            method: 'POST',
            path,
            headers: { accept: '*/*', ...headers },
            body,
            // The deadline is for all of it.
            headersTimeout: 0,
            bodyTimeout: 0,
          },
          exchange,
        );
      } catch (error) {
        exchange.fail(error instanceof Error ? error.message : String(error));
      }
    });
  }
}
