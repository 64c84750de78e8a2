import { createServer, type IncomingMessage, type Server, type ServerOptions } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import { type Logger } from 'pino';
import { GatewayResponse } from '../request/gateway-response';
import { type ApiGatewaySettings } from '../settings';
import { TlsFiles } from './tls-files';

/** How often clients are looked for that are over their time, as a share of that: each look wakes a gateway at rest. */
const CHECKS_OF_CLIENTS = 0.5;
/** Milliseconds: without a time for clients, or with a short one, they are looked for no more often. */
const SHORTEST_CHECK_MS = 1_000;

export type Listener = Server<typeof IncomingMessage, typeof GatewayResponse>;

/** An HTTP server, or an HTTPS server when there is a certificate, with the limits of the settings. */
export function createListener(settings: ApiGatewaySettings, logger: Logger): Listener {
  const options: ServerOptions<typeof IncomingMessage, typeof GatewayResponse> = {
    ServerResponse: GatewayResponse,
    maxHeaderSize: settings.MAX_HEADER_BYTES,
    // A request without Host is refused as every other is.
    requireHostHeader: false,
    headersTimeout: settings.HEADERS_TIMEOUT_MS,
    // Bodies have a limit of their own, because some may be of any length.
    requestTimeout: 0,
    keepAliveTimeout: settings.KEEP_ALIVE_TIMEOUT_MS,
    connectionsCheckingInterval: Math.max(
      SHORTEST_CHECK_MS,
      Math.ceil(settings.HEADERS_TIMEOUT_MS * CHECKS_OF_CLIENTS),
    ),
  };
  const files = TlsFiles.of(settings);
  const server = files === undefined ? createServer(options) : createTlsServer({ ...options, ...files.read() });
  files?.renewWhenChanged(server as unknown as TlsServer, logger);
  server.timeout = settings.STALLED_CLIENT_TIMEOUT_MS;
  // Counted by the gateway: Node would leave out what is over its limit, without a word.
  server.maxHeadersCount = 0;
  return server;
}
