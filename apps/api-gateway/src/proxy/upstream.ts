import { type Agent, type IncomingMessage } from 'node:http';
import { BadGateway, GatewayTimeout, HttpClient, type ServiceError, ServiceUnavailable } from '@keptn/service-kit';
import { createProxyMiddleware, type Options, type Plugin, type RequestHandler } from 'http-proxy-middleware';
import { type Exchange } from '../exchange/exchange';
import { answerError } from './answer';
import { limitStreamedBody } from './body-limit';
import { NoBody } from './no-body';
import { createUpstreamAgent, dropIdleConnections, UpstreamTimeout } from './upstream-agent';

export interface UpstreamOptions {
  readonly name: string;
  readonly url: string;
  /** Milliseconds that the upstream has for its answer. */
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
  readonly isShuttingDown: () => boolean;
}

/** Milliseconds for an answer of an upstream's `/ready`; below the time that the gateway's own check has. */
const READY_TIMEOUT_MS = 1_500;

/** RFC 9110 section 9.2.2: asking twice is as good as asking once. */
const IDEMPOTENT: ReadonlySet<string | undefined> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);

const UNREACHABLE: ReadonlySet<string | undefined> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

const BROKEN: ReadonlySet<string | undefined> = new Set(['ECONNRESET', 'EPIPE']);

type Failure = Error & { readonly code?: string };

/** One service behind the gateway, reached over connections that are kept alive. */
export class Upstream {
  private readonly agent: Agent;
  private readonly http: HttpClient;
  private readonly proxy: RequestHandler<IncomingMessage, Exchange>;
  private readonly proxyWithoutBody: RequestHandler<IncomingMessage, Exchange>;

  constructor(private readonly options: UpstreamOptions) {
    const { name, timeoutMs } = options;
    const url = new URL(options.url);
    this.http = new HttpClient({ name, url: options.url, timeoutMs: READY_TIMEOUT_MS, connections: 1 });
    this.agent = createUpstreamAgent(url, timeoutMs);
    const proxyOptions: Options<IncomingMessage, Exchange> = {
      // Taken apart once; the library would parse a string, and the path, for every request.
      target: { protocol: url.protocol, hostname: url.hostname, host: url.host, port: url.port, path: url.pathname },
      toProxy: true,
      agent: this.agent,
      // Its own plugins write a log, and listeners for it, for every request.
      ejectPlugins: true,
      plugins: [this.listen],
    };
    this.proxy = createProxyMiddleware(proxyOptions);
    this.proxyWithoutBody = createProxyMiddleware({ ...proxyOptions, buffer: new NoBody() });
  }

  /** Sends the request on, to the path that its `url` holds now, and the answer back. */
  forward(incoming: IncomingMessage, exchange: Exchange): void {
    const proxy = hasBody(incoming) ? this.proxy : this.proxyWithoutBody;
    // Its promise ends with the hand-over; failures arrive in the error handler below.
    void proxy(incoming, exchange);
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

  close(): Promise<void> {
    this.agent.destroy();
    return this.http.close();
  }

  private readonly listen: Plugin<IncomingMessage, Exchange> = (proxy) => {
    proxy.on('proxyReq', (outgoing, incoming, exchange) => {
      exchange.outgoing = outgoing;
      limitStreamedBody(incoming, exchange, this.options.maxBodyBytes);
    });
    proxy.on('proxyRes', (answer, _incoming, exchange) => {
      this.adaptToClient(answer, exchange);
      // The library would leave the client waiting for the rest.
      answer.once('error', () => exchange.destroy());
    });
    proxy.on('error', (error, incoming, response) => {
      if ('incoming' in response) {
        this.fail(error, incoming, response);
      }
    });
    proxy.on('econnreset', () => {
      // The client went away; its exchange is closed.
    });
  };

  /** How long the connection lasts is agreed with the client and not with the service. */
  private adaptToClient(answer: IncomingMessage, exchange: Exchange): void {
    delete answer.headers['keep-alive'];
    answer.headers.connection = exchange.shouldKeepAlive && !this.options.isShuttingDown() ? 'keep-alive' : 'close';
  }

  private fail(error: Failure, incoming: IncomingMessage, exchange: Exchange): void {
    if (exchange.writableEnded || exchange.destroyed) {
      return;
    }
    const isStale = BROKEN.has(error.code) && exchange.outgoing?.reusedSocket === true;
    if (isStale) {
      dropIdleConnections(this.agent);
    }
    if ((isStale || error.code === 'ECONNREFUSED') && canBeRepeated(incoming, exchange)) {
      exchange.isRetried = true;
      this.forward(incoming, exchange);
      return;
    }
    answerError(exchange, this.explain(error));
  }

  private explain(error: Failure): ServiceError {
    const { name, timeoutMs } = this.options;
    const timedOut = error instanceof UpstreamTimeout;
    if (UNREACHABLE.has(error.code) || (timedOut && error.duringConnect)) {
      return new ServiceUnavailable(`${name} cannot be reached; try again in a moment`);
    }
    return timedOut
      ? new GatewayTimeout(`${name} did not answer within ${timeoutMs} ms`)
      : new BadGateway(`${name} broke off before it had answered`);
  }
}

/** RFC 9112 section 6.3. */
const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';

/** Once, when nothing can have happened that a second request would do again, and there is no body, which would be gone. */
const canBeRepeated = (incoming: IncomingMessage, exchange: Exchange): boolean =>
  IDEMPOTENT.has(incoming.method) &&
  !hasBody(incoming) &&
  !exchange.isRetried &&
  !exchange.headersSent &&
  !exchange.destroyed;
