import { type IncomingHttpHeaders } from 'node:http';
import { type LookupFunction } from 'node:net';
import { type Readable } from 'node:stream';
import { type Dispatcher, Pool } from 'undici';
import { GatewayTimeout, ServiceUnavailable } from '../errors/service-error';
import { pausingWhereItMay } from './pausing';
import { endingSilence } from './silence';

export interface HttpClientOptions {
  /** Name of the server for messages, e.g. `configuration-service`. */
  readonly name: string;
  /** Base URL; a slash at its end is ignored. */
  readonly url: string;
  /** Milliseconds until the headers of an answer, and between two parts of its body. */
  readonly timeoutMs?: number;
  /** Most connections at the same time; with 1, requests arrive in order. */
  readonly connections?: number;
  /** Finds the addresses that may be connected to; any when absent. */
  readonly lookup?: LookupFunction;
  /** Most bytes of an answer; no limit when absent. */
  readonly maxAnswerBytes?: number;
}

export interface HttpRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the base URL, encoded, with its query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly signal?: AbortSignal;
}

export interface HttpAnswer<Body> {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Body;
}

const DEFAULT_TIMEOUT_MS = 15_000;

/** A server that is up takes a connection at once. */
const MAX_CONNECT_TIMEOUT_MS = 5_000;

/** Enough for the parallel calls of a busy service; more would only queue in the other service. */
const DEFAULT_CONNECTIONS = 64;

/** One HTTP server, called over connections that are kept alive. */
export class HttpClient {
  private readonly pool: Pool;
  /** The same connections, for answers that are read as they come. */
  private readonly streaming: Dispatcher;
  private readonly basePath: string;

  constructor(private readonly options: HttpClientOptions) {
    const { url, timeoutMs = DEFAULT_TIMEOUT_MS, connections = DEFAULT_CONNECTIONS, lookup, maxAnswerBytes } = options;
    const { origin, pathname } = new URL(url);
    this.basePath = pathname.replace(/\/+$/, '');
    this.pool = new Pool(origin, {
      connections,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      ...(maxAnswerBytes !== undefined && { maxResponseSize: maxAnswerBytes }),
      connect: {
        timeout: Math.min(timeoutMs, MAX_CONNECT_TIMEOUT_MS),
        ...(lookup !== undefined && { lookup }),
      },
    });
    this.streaming = this.pool.compose(endingSilence(timeoutMs), pausingWhereItMay);
  }

  /**
   * @returns the answer, whatever its status, with its whole body
   * @throws ServiceUnavailable when the server cannot be reached, GatewayTimeout when it does not answer in time
   */
  async send(request: HttpRequest): Promise<HttpAnswer<string>> {
    try {
      const { statusCode, headers, body } = await this.begin(this.pool, request);
      return { status: statusCode, headers, body: await body.text() };
    } catch (error) {
      throw this.explain(error);
    }
  }

  /**
   * Like {@link send}, for a body that is read as it comes and has to be read to its end or destroyed; it fails with the errors of
   * the connection.
   */
  async stream(request: HttpRequest): Promise<HttpAnswer<Readable>> {
    try {
      const { statusCode, headers, body } = await this.begin(this.streaming, request);
      return { status: statusCode, headers, body };
    } catch (error) {
      throw this.explain(error);
    }
  }

  /** Ends when the requests in flight are answered. */
  close(): Promise<void> {
    return this.pool.close();
  }

  private begin(dispatcher: Dispatcher, { method = 'GET', path, headers = {}, body, signal }: HttpRequest) {
    return dispatcher.request({
      method,
      path: this.basePath + path,
      headers,
      body: body ?? null,
      ...(signal !== undefined && { signal }),
    });
  }

  private explain(error: unknown): Error {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const isLate = error instanceof Error && error.name === 'TimeoutError';
    if (isLate || code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT') {
      return new GatewayTimeout(`${this.options.name} did not answer in time; try again`, { cause: error });
    }
    return new ServiceUnavailable(`${this.options.name} cannot be reached; try again in a moment`, { cause: error });
  }
}
