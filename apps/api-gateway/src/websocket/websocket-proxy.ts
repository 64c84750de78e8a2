import { Agent, type ClientRequest, type IncomingMessage } from 'node:http';
import { type Socket } from 'node:net';
import { answerOnConnection } from '@keptn/service-kit';
import { createProxyMiddleware, type RequestHandler } from 'http-proxy-middleware';

export interface WebSocketProxyOptions {
  /** Name of the service for messages, e.g. `api-service`. */
  readonly name: string;
  /** Base URL of the service. */
  readonly url: string;
}

/** Connects clients to the channels of a service, which decides by itself whom it lets in. */
export class WebSocketProxy {
  private readonly proxy: RequestHandler;
  private readonly clients = new Set<Socket>();

  constructor(options: WebSocketProxyOptions) {
    this.proxy = createProxyMiddleware({
      target: options.url,
      // A connection that was asked to become a channel is never used for anything else afterwards.
      agent: new Agent({ keepAlive: false }),
      on: {
        proxyReqWs: (outgoing, _incoming, client) => {
          outgoing.prependOnceListener('response', prepareRefusal);
          endTogether(outgoing, client);
        },
        error: (_error, _incoming, client) => {
          if (!('writeHead' in client) && client.writable) {
            answerOnConnection(client, 503, `${options.name} cannot be reached; try again in a moment`);
          }
        },
      },
    });
  }

  /** @param incoming its `url` is the path at the service */
  connect(incoming: IncomingMessage, client: Socket, head: Buffer): void {
    this.clients.add(client);
    client.once('close', () => this.clients.delete(client));
    this.proxy.upgrade(incoming, client, head);
  }

  /** Ends all channels; clients connect again, elsewhere. */
  close(): void {
    this.clients.forEach((client) => client.destroy());
  }
}

/** The service's answer is not 101. It is written head first and then its body as it comes, up to the end of the connection. */
const prepareRefusal = (answer: IncomingMessage): void => {
  delete answer.headers['transfer-encoding'];
  answer.headers.connection = 'close';
};

/** The library passes on an orderly end; this is for connections that break. */
const endTogether = (outgoing: ClientRequest, client: Socket): void => {
  client.once('close', () => outgoing.destroy());
  outgoing.once('upgrade', (_answer, service: Socket) => {
    client.once('close', () => service.destroy());
    service.once('close', () => client.destroy());
  });
};
