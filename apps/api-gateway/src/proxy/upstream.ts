import { type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { BadGateway, GatewayTimeout, HttpClient, ServiceError, ServiceUnavailable } from '@keptn/service-kit';
import { createProxyMiddleware, type Plugin, type RequestHandler } from 'http-proxy-middleware';
import { type Dispatcher, Pool } from 'undici';
import { type GatewayResponse } from '../request/gateway-response';
import { answerError } from './answer';
import { bodyOf, hasBody } from './body';
import { Exchange } from './exchange';

export interface UpstreamOptions {
  readonly name: string;
  readonly url: string;
  /** Milliseconds that the upstream has for its answer. */
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
}

/** Milliseconds for an answer of an upstream's `/ready`; below the time that the gateway's own check has. */
const READY_TIMEOUT_MS = 1_500;

/** RFC 9110 section 9.2.2: asking twice is as good as asking once. */
const IDEMPOTENT: ReadonlySet<string | undefined> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);

/** Milliseconds until a request is repeated: the ends of all other connections to a service that was killed are read by then. */
const REPEAT_PAUSE_MS = 20;

/** Milliseconds for a connection to a service, which is near. */
const CONNECT_TIMEOUT_MS = 5_000;

const UNREACHABLE: ReadonlySet<string | undefined> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** The service is being started anew, and may be there again already. */
const RESTARTED: ReadonlySet<string | undefined> = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

const TIMED_OUT: ReadonlySet<string | undefined> = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

/**
 * undici takes an option that its types lack: the name that the certificate of the service has to have. Without it, that is what the
 * client's `Host` says, and one that is no host costs a connection of the pool for ever.
 */
type NamedDispatchOptions = Dispatcher.DispatchOptions & { readonly servername: string };

type Failure = Error & { readonly code?: string };

/** One service behind the gateway, reached over connections that are kept alive. */
export class Upstream {
  private readonly pool: Pool;
  private readonly basePath: string;
  private readonly serverName: string;
  private readonly http: HttpClient;
  private readonly proxy: RequestHandler<IncomingMessage, GatewayResponse>;

  constructor(private readonly options: UpstreamOptions) {
    const { name, url, timeoutMs } = options;
    const { origin, pathname, hostname } = new URL(url);
    this.http = new HttpClient({ name, url, timeoutMs: READY_TIMEOUT_MS, connections: 1 });
    this.basePath = pathname.replace(/\/+$/, '');
    // Without the brackets that an address of IPv6 has in a URL.
    this.serverName = hostname.replace(/^\[(.*)\]$/, '$1');
    this.pool = new Pool(origin, {
      connect: { timeout: CONNECT_TIMEOUT_MS },
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    });
    this.proxy = createProxyMiddleware({
      target: origin,
      // Its own plugins write a log, and listeners for it, for every request.
      ejectPlugins: true,
      plugins: [this.sendByPool],
    });
  }

  /** Sends the request on, to the path that its `url` holds now, and the answer back. */
  forward(incoming: IncomingMessage, response: GatewayResponse): void {
    // Its promise ends with the hand-over; failures arrive in the exchange.
    void this.proxy(incoming, response);
  }

  /** Rejects with the reason when the upstream cannot do its work at the moment. */
  async requireReady(): Promise<void> {
    const { status } = await this.http.send({ path: '/ready' }).catch(() => {
      throw new Error('cannot be reached');
    });
    if (status !== 200) {
      throw new Error(`answers ${status}`);
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.pool.destroy(), this.http.close()]);
  }

  /** The library's own way to the service, Node's client with pipes and listeners, costs more than all else that the gateway does. */
  private readonly sendByPool: Plugin<IncomingMessage, GatewayResponse> = (proxy) => {
    Object.assign(proxy, {
      web: (incoming: IncomingMessage, response: GatewayResponse) => {
        this.send(incoming, response);
      },
    });
  };

  private send(incoming: IncomingMessage, response: GatewayResponse): void {
    const exchange = new Exchange(response, (error) => {
      this.fail(error, incoming, response);
    });
    response.exchange = exchange;
    const { method = 'GET', url = '/', headers } = incoming;
    const body = bodyOf(incoming, this.options.maxBodyBytes);
    const options: NamedDispatchOptions = {
      method,
      path: this.basePath + url,
      headers: framedAnew(headers),
      body,
      servername: this.serverName,
    };
    this.pool.dispatch(options, exchange);
  }

  private fail(error: Failure, incoming: IncomingMessage, response: GatewayResponse): void {
    if (response.writableEnded || response.destroyed) {
      return;
    }
    if (RESTARTED.has(error.code) && canBeRepeated(incoming, response)) {
      response.isRetried = true;
      setTimeout(() => {
        if (!response.destroyed && !response.writableEnded) this.send(incoming, response);
      }, REPEAT_PAUSE_MS);
      return;
    }
    answerError(response, this.explain(error));
  }

  private explain(error: Failure): ServiceError {
    if (error instanceof ServiceError) {
      return error;
    }
    const { name, timeoutMs } = this.options;
    if (UNREACHABLE.has(error.code)) {
      return new ServiceUnavailable(`${name} cannot be reached; try again in a moment`);
    }
    return TIMED_OUT.has(error.code)
      ? new GatewayTimeout(`${name} did not answer within ${timeoutMs} ms`)
      : new BadGateway(`${name} broke off before it had answered`);
  }
}

/** How the body is framed is said by the client of the service. */
const framedAnew = (headers: IncomingHttpHeaders): IncomingHttpHeaders => {
  if (headers['transfer-encoding'] === undefined) {
    return headers;
  }
  const { 'transfer-encoding': _coding, ...others } = headers;
  return others;
};

/** Once, when nothing can have happened that a second request would do again, and there is no body, which would be gone. */
const canBeRepeated = (incoming: IncomingMessage, response: GatewayResponse): boolean =>
  IDEMPOTENT.has(incoming.method) &&
  !hasBody(incoming) &&
  !response.isRetried &&
  !response.headersSent &&
  !response.destroyed;
