import { z } from 'zod';
import { ON_BEHALF_HEADER } from '../access/headers';
import { BadGateway, RelayedError, type ServiceError, ServiceUnavailable } from '../errors/service-error';
import { currentRequestContext } from '../logging/request-context';
import { type HttpAnswer, HttpClient, type HttpClientOptions } from './http-client';

export interface ServiceClientOptions extends HttpClientOptions {
  /** Sent as `x-token`. */
  readonly token: string;
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

const failureBody = z.object({ message: z.string(), reason: z.string().optional() });

/** Calls another service of the control plane as part of the current request. */
export class ServiceClient {
  private readonly http: HttpClient;

  constructor(private readonly options: ServiceClientOptions) {
    this.http = new HttpClient(options);
  }

  /**
   * @returns the parsed JSON of a 2xx answer, undefined when it has no body
   * @throws RelayedError with the other service's status and message when it answers 4xx
   * @throws BadGateway when it answers 5xx or something that is not JSON, or refuses the token of this service
   * @throws ServiceUnavailable when it cannot be reached, GatewayTimeout when it does not answer in time
   */
  async request(request: ServiceRequest): Promise<unknown> {
    const { status, body } = await this.send(request);
    const json = body === '' ? undefined : this.parse(body);
    if (status >= 200 && status < 300) return json;
    const { message, reason } = failureBody.safeParse(json).data ?? {
      message: `${this.options.name} answered ${status}`,
    };
    throw this.failure(status, message, reason);
  }

  /**
   * What the caller of this service is told when the other one refuses something or fails.
   *
   * @param status of the answer, or of a part of it; not 2xx
   */
  failure(status: number, message: string, reason?: string): ServiceError {
    const { name } = this.options;
    // The token is this service's own: its caller has shown the right one.
    if (status === 401) return new BadGateway(`${name} refuses the KEPTN_API_TOKEN of this service: ${message}`);
    if (status >= 400 && status < 500) return new RelayedError(status, message, reason);
    return status === 503 || status === 504
      ? new ServiceUnavailable(`${name} is not available at the moment: ${message}`)
      : new BadGateway(`${name} failed: ${message}`);
  }

  /** Ends when the requests in flight are answered. */
  close(): Promise<void> {
    return this.http.close();
  }

  private send({ method, path, query, ...content }: ServiceRequest): Promise<HttpAnswer<string>> {
    const context = currentRequestContext();
    const body = content.rawBody ?? (content.body === undefined ? undefined : JSON.stringify(content.body));
    return this.http.send({
      method,
      path: encoded(path) + searchOf(query),
      headers: {
        'x-token': this.options.token,
        accept: 'application/json',
        ...(body !== undefined && { 'content-type': content.contentType ?? 'application/json' }),
        ...(context !== undefined && { 'x-request-id': context.requestId }),
        ...(isHeaderValue(context?.keptnContext) && { 'x-keptn-context': context.keptnContext }),
        ...(context?.identity !== undefined && { [ON_BEHALF_HEADER]: context.identity }),
        ...(context?.traceparent !== undefined && { traceparent: context.traceparent }),
        ...content.headers,
      },
      body,
    });
  }

  private parse(text: string): unknown {
    try {
      return (this.options.parseJson ?? JSON.parse)(text);
    } catch (error) {
      throw new BadGateway(`${this.options.name} sent an answer that is not JSON`, { cause: error });
    }
  }
}

/** An event may have any text as its Keptn context; a header may not. */
const isHeaderValue = (text: string | undefined): text is string => text !== undefined && /^[\x20-\x7e]+$/.test(text);

/** Events may hold halves of characters, which cannot be encoded. */
const encoded = (path: ServiceRequest['path']): string =>
  typeof path === 'string' ? path : path.map((segment) => `/${encodeURIComponent(segment.toWellFormed())}`).join('');

const searchOf = (query: ServiceRequest['query'] = {}): string => {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
};
