import { Pool } from 'undici';
import { z } from 'zod';
import {
  BadGateway,
  GatewayTimeout,
  RelayedError,
  type ServiceError,
  ServiceUnavailable,
} from '../errors/service-error';
import { currentRequestContext } from '../logging/request-context';

export interface ServiceClientOptions {
  /** Name for messages and logs, e.g. `configuration-service`. */
  readonly name: string;
  /** Base URL without trailing slash. */
  readonly url: string;
  /** Sent as `x-token`. */
  readonly token: string;
  /** Milliseconds until a request counts as unanswered. */
  readonly timeoutMs?: number;
  /** Reads answers; `JSON.parse` unless the caller must keep more than it does. */
  readonly parseJson?: (text: string) => unknown;
}

export interface ServiceRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Raw values, each of which is percent-encoded here, or a path that is encoded already, as a typed client makes it. */
  readonly path: readonly string[] | string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it stands, for JSON that must not be parsed and written again. */
  readonly rawBody?: string;
  /** Of the body; `application/json` when absent. */
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const DEFAULT_TIMEOUT_MS = 15_000;

/** Enough for the parallel calls of a busy service; more would only queue in the other service. */
const CONNECTIONS = 64;

const failureBody = z.object({ message: z.string(), reason: z.string().optional() });

/** Calls another service of the control plane over kept-alive connections, as part of the current request. */
export class ServiceClient {
  private readonly pool: Pool;
  private readonly basePath: string;

  constructor(private readonly options: ServiceClientOptions) {
    const url = new URL(options.url);
    this.basePath = url.pathname.replace(/\/+$/, '');
    const timeout = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.pool = new Pool(url.origin, {
      connections: CONNECTIONS,
      headersTimeout: timeout,
      bodyTimeout: timeout,
      connect: { timeout: Math.min(timeout, 5_000) },
    });
  }

  /**
   * @returns the parsed JSON of a 2xx answer, undefined when it has no body
   * @throws RelayedError with the other service's status and message when it answers 4xx
   * @throws BadGateway when it answers 5xx or something that is not JSON
   * @throws ServiceUnavailable when it cannot be reached, GatewayTimeout when it does not answer in time
   */
  async request(request: ServiceRequest): Promise<unknown> {
    const { status, text } = await this.send(request);
    if (status >= 200 && status < 300) {
      return text === '' ? undefined : this.parse(text);
    }
    const failure = failureBody.safeParse(text === '' ? undefined : this.parse(text));
    const { message, reason } = failure.data ?? { message: `${this.options.name} answered ${status}` };
    throw this.failure(status, message, reason);
  }

  /**
   * What the caller of this service is told when the other one refuses something or fails.
   *
   * @param status of the answer, or of a part of it; not 2xx
   */
  failure(status: number, message: string, reason?: string): ServiceError {
    if (status >= 400 && status < 500) return new RelayedError(status, message, reason);
    return status === 503 || status === 504
      ? new ServiceUnavailable(`${this.options.name} is not available at the moment: ${message}`)
      : new BadGateway(`${this.options.name} failed: ${message}`);
  }

  /** Ends when the requests in flight are answered. */
  close(): Promise<void> {
    return this.pool.close();
  }

  private async send(request: ServiceRequest): Promise<{ status: number; text: string }> {
    const context = currentRequestContext();
    const body = request.rawBody ?? (request.body === undefined ? undefined : JSON.stringify(request.body));
    try {
      const response = await this.pool.request({
        method: request.method,
        path: this.pathOf(request),
        headers: {
          'x-token': this.options.token,
          accept: 'application/json',
          ...(body !== undefined && { 'content-type': request.contentType ?? 'application/json' }),
          ...(context !== undefined && { 'x-request-id': context.requestId }),
          ...(context?.keptnContext !== undefined && { 'x-keptn-context': context.keptnContext }),
          ...(context?.traceparent !== undefined && { traceparent: context.traceparent }),
          ...request.headers,
        },
        body: body ?? null,
      });
      return { status: response.statusCode, text: await response.body.text() };
    } catch (error) {
      throw this.explain(error);
    }
  }

  private pathOf({ path, query }: ServiceRequest): string {
    if (typeof path === 'string') return `${this.basePath}${path}`;
    const encoded = path.map((segment) => `/${encodeURIComponent(segment)}`).join('');
    const given = Object.entries(query ?? {}).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const search = given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
    return `${this.basePath}${encoded}${search}`;
  }

  private parse(text: string): unknown {
    try {
      return (this.options.parseJson ?? JSON.parse)(text);
    } catch (error) {
      throw new BadGateway(`${this.options.name} sent an answer that is not JSON`, { cause: error });
    }
  }

  private explain(error: unknown): Error {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT') {
      return new GatewayTimeout(`${this.options.name} did not answer in time; try again`, { cause: error });
    }
    return new ServiceUnavailable(`${this.options.name} cannot be reached; try again in a moment`, { cause: error });
  }
}
