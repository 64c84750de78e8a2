import { Agent, type IncomingMessage, type ServerResponse } from 'node:http';
import { BadGateway, GatewayTimeout, type ServiceError, ServiceUnavailable } from '@keptn/service-kit';
import { createProxyMiddleware, type RequestHandler } from 'http-proxy-middleware';
import { request } from 'undici';
import { answerError } from './answer';

export interface UpstreamOptions {
  readonly name: string;
  readonly url: string;
  /** Milliseconds that the upstream has for its answer. */
  readonly timeoutMs: number;
}

/** Milliseconds for an answer of an upstream's `/ready`; below the time that the gateway's own check has. */
const READY_TIMEOUT_MS = 1_500;

/** One service behind the gateway, reached over connections that are kept alive. */
export class Upstream {
  private readonly agent = new Agent({ keepAlive: true });
  private readonly proxy: RequestHandler;
  private readonly startedAt = new WeakMap<IncomingMessage, number>();

  constructor(private readonly options: UpstreamOptions) {
    this.proxy = createProxyMiddleware({
      target: options.url,
      agent: this.agent,
      proxyTimeout: options.timeoutMs,
      on: {
        proxyReq: (outgoing, incoming) => {
          const client = incoming.socket.remoteAddress ?? '';
          const forwardedFor = [incoming.headers['x-forwarded-for'], client].flat().filter(Boolean);
          outgoing.setHeader('X-Forwarded-For', forwardedFor.join(', '));
          outgoing.setHeader('X-Real-IP', client);
          if (incoming.headers['x-forwarded-proto'] === undefined) {
            outgoing.setHeader('X-Forwarded-Proto', 'http');
          }
        },
        error: (error, incoming, response) => {
          if ('writeHead' in response) {
            answerError(response, this.explain(error, incoming));
          } else {
            response.destroy();
          }
        },
      },
    });
  }

  /** Sends the request on, to the path that its `url` holds now, and the answer back. */
  forward(incoming: IncomingMessage, response: ServerResponse): void {
    this.startedAt.set(incoming, performance.now());
    // Its promise ends with the hand-over; failures arrive in the error handler above.
    void this.proxy(incoming, response);
  }

  /** Rejects with the reason when the upstream cannot do its work at the moment. */
  async requireReady(): Promise<void> {
    const { statusCode, body } = await request(`${this.options.url}/ready`, {
      headersTimeout: READY_TIMEOUT_MS,
      bodyTimeout: READY_TIMEOUT_MS,
    }).catch(() => {
      throw new Error('cannot be reached');
    });
    await body.dump();
    if (statusCode !== 200) {
      throw new Error(`answers ${statusCode}`);
    }
  }

  close(): void {
    this.agent.destroy();
  }

  private explain(error: Error & { code?: string }, incoming: IncomingMessage): ServiceError {
    const { name, timeoutMs } = this.options;
    if (error.code === 'ECONNREFUSED' || error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN') {
      return new ServiceUnavailable(`${name} cannot be reached; try again in a moment`);
    }
    const elapsedMs = performance.now() - (this.startedAt.get(incoming) ?? 0);
    if (elapsedMs >= timeoutMs) {
      return new GatewayTimeout(`${name} did not answer within ${timeoutMs} ms`);
    }
    return new BadGateway(`${name} broke off before it had answered`);
  }
}
