import { createServer, type IncomingMessage, type Server, type ServerOptions } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import { type Socket } from 'node:net';
import { limitBodyTime, refuseTunnels, type ServerFactory } from '@keptn/service-kit';
import { type Logger } from 'pino';
import { limitConnections } from '../client/connection-limit';
import { type TrustedProxies } from '../client/trusted-proxies';
import { Exchange } from '../exchange/exchange';
import { type Gateway } from '../gateway';
import { type ApiGatewaySettings } from '../settings';
import { TlsFiles } from './tls-files';

export interface GatewayServerParts {
  readonly gateway: Gateway;
  readonly settings: ApiGatewaySettings;
  readonly trustedProxies: TrustedProxies;
  readonly logger: Logger;
}

/** How often clients are looked for that are over their time, in milliseconds. */
const CHECK_CLIENTS_EVERY_MS = 1_000;

/** The server in front of the gateway: every request and every change of protocol goes to the gateway first. */
export function gatewayServer({ gateway, settings, trustedProxies, logger }: GatewayServerParts): ServerFactory {
  return (framework) => {
    const server = createListener(settings, logger);
    const serve = (request: IncomingMessage, exchange: Exchange): void => {
      limitBodyTime(request, exchange, settings.BODY_TIMEOUT_MS);
      gateway.serve(exchange, () => {
        framework(request, exchange);
      });
    };
    server.on('request', serve);
    // The body is asked for once the request is known to be wanted.
    server.on('checkContinue', serve);
    server.on('checkExpectation', serve);
    refuseTunnels(server);
    server.on('upgrade', (request, socket, head) => {
      gateway.upgrade(server, request, socket as Socket, head);
    });
    server.timeout = settings.STALLED_CLIENT_TIMEOUT_MS;
    // Counted by the gateway: Node would leave out what is over its limit, without a word.
    server.maxHeadersCount = 0;
    limitConnections(server, {
      total: settings.MAX_CONNECTIONS,
      perClient: settings.MAX_CONNECTIONS_PER_CLIENT,
      trustedProxies,
      logger,
    });
    return server as unknown as Server;
  };
}

type ExchangeServer = Server<typeof IncomingMessage, typeof Exchange>;

const createListener = (settings: ApiGatewaySettings, logger: Logger): ExchangeServer => {
  const options: ServerOptions<typeof IncomingMessage, typeof Exchange> = {
    ServerResponse: Exchange,
    maxHeaderSize: settings.MAX_HEADER_BYTES,
    // A request without Host is refused as every other is.
    requireHostHeader: false,
    headersTimeout: settings.HEADERS_TIMEOUT_MS,
    // Bodies have a limit of their own, because some may be of any length.
    requestTimeout: 0,
    keepAliveTimeout: settings.KEEP_ALIVE_TIMEOUT_MS,
    connectionsCheckingInterval: CHECK_CLIENTS_EVERY_MS,
  };
  const files = TlsFiles.of(settings);
  if (files === undefined) {
    return createServer(options);
  }
  const server = createTlsServer({ ...options, ...files.read() });
  files.renewWhenChanged(server as unknown as TlsServer, logger);
  return server;
};
