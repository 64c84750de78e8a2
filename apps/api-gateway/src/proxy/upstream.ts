import { type Agent, type IncomingMessage } from 'node:http';
import { Stream } from 'node:stream';
import { BadGateway, GatewayTimeout, HttpClient, type ServiceError, ServiceUnavailable } from '@keptn/service-kit';
import { createProxyMiddleware, type Options, type Plugin, type RequestHandler } from 'http-proxy-middleware';
import { GatewayResponse } from '../request/gateway-response';
import { answerError } from './answer';
import { limitStreamedBody } from './body-limit';
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

/** Stands for the body of requests that have none: the request to the service is complete at once, with nothing to pipe. */
class NoBody extends Stream {
  override pipe<Outgoing extends NodeJS.WritableStream>(outgoing: Outgoing): Outgoing {
    outgoing.end();
    return outgoing;
  }
}

/** One service behind the gateway, reached over connections that are kept alive. */
export class Upstream {
  private readonly agent: Agent;
  private readonly http: HttpClient;
  private readonly proxy: RequestHandler<IncomingMessage, GatewayResponse>;
  private readonly proxyWithoutBody: RequestHandler<IncomingMessage, GatewayResponse>;

  constructor(private readonly options: UpstreamOptions) {
    const { name, timeoutMs } = options;
    const url = new URL(options.url);
    this.http = new HttpClient({ name, url: options.url, timeoutMs: READY_TIMEOUT_MS, connections: 1 });
    this.agent = createUpstreamAgent(url, timeoutMs);
    const proxyOptions: Options<IncomingMessage, GatewayResponse> = {
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
  forward(incoming: IncomingMessage, response: GatewayResponse): void {
    const proxy = hasBody(incoming) ? this.proxy : this.proxyWithoutBody;
    // Its promise ends with the hand-over; failures arrive in the error handler below.
    void proxy(incoming, response);
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

  private readonly listen: Plugin<IncomingMessage, GatewayResponse> = (proxy) => {
    proxy.on('proxyReq', (outgoing, incoming, response) => {
      response.outgoing = outgoing;
      limitStreamedBody(incoming, response, this.options.maxBodyBytes);
    });
    proxy.on('proxyRes', (answer, _incoming, response) => {
      this.adaptToClient(answer, response);
      // The library would leave the client waiting for the rest.
      answer.once('error', () => response.destroy());
    });
    proxy.on('error', (error, incoming, response) => {
      if (response instanceof GatewayResponse) {
        this.fail(error, incoming, response);
      }
    });
    proxy.on('econnreset', () => {
      // The client went away; its response is closed.
    });
  };

  /** How long the connection lasts is agreed with the client and not with the service. */
  private adaptToClient(answer: IncomingMessage, response: GatewayResponse): void {
    delete answer.headers['keep-alive'];
    answer.headers.connection = response.shouldKeepAlive && !this.options.isShuttingDown() ? 'keep-alive' : 'close';
  }

  private fail(error: Failure, incoming: IncomingMessage, response: GatewayResponse): void {
    if (response.writableEnded || response.destroyed) {
      return;
    }
    const isStale = BROKEN.has(error.code) && response.outgoing?.reusedSocket === true;
    if (isStale) {
      dropIdleConnections(this.agent);
    }
    if ((isStale || error.code === 'ECONNREFUSED') && canBeRepeated(incoming, response)) {
      response.isRetried = true;
      this.forward(incoming, response);
      return;
    }
    answerError(response, this.explain(error));
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
const canBeRepeated = (incoming: IncomingMessage, response: GatewayResponse): boolean =>
  IDEMPOTENT.has(incoming.method) &&
  !hasBody(incoming) &&
  !response.isRetried &&
  !response.headersSent &&
  !response.destroyed;
