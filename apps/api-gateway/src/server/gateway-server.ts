import { createServer, type Server } from 'node:http';
import { type Socket } from 'node:net';
import { BODY_DEADLINE_MS, limitBodyTime, type ServerFactory } from '@keptn/service-kit';
import { type Gateway } from '../gateway';

export interface GatewayServerOptions {
  /** Milliseconds that an idle connection is kept for the client's next request. */
  readonly keepAliveTimeoutMs: number;
}

/** The HTTP server in front of the gateway: every request and every change of protocol goes to `gateway` first. */
export function gatewayServer(gateway: Gateway, options: GatewayServerOptions): ServerFactory {
  return (framework) => {
    const server: Server = createServer(
      { headersTimeout: BODY_DEADLINE_MS, requestTimeout: 0, keepAliveTimeout: options.keepAliveTimeoutMs },
      (request, response) => {
        limitBodyTime(request, response);
        gateway.serve(request, response, () => {
          framework(request, response);
        });
      },
    );
    return server.on('upgrade', (request, socket, head) => {
      gateway.upgrade(server, request, socket as Socket, head);
    });
  };
}
