import { type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Socket } from 'node:net';
import { TOKEN_HEADER } from '@keptn/auth';
import {
  BadGateway,
  BadRequest,
  isLineStream,
  PayloadTooLarge,
  requestIdOf,
  ServiceError,
  asksForWebSocket,
  serveWithoutUpgrade,
} from '@keptn/service-kit';
import { type Logger } from 'pino';
import { type TokenCheck } from './authentication/token-check';
import { UpgradeRequired } from './refusals';
import { answerError, answerRedirect } from './proxy/answer';
import { type Upstream } from './proxy/upstream';
import { type CanonicalTarget, canonicalTarget, UnsafePath } from './routing/canonical-path';
import { type Route, routeOf, type UpstreamName } from './routing/routes';
import { type WebSocketProxy } from './websocket/websocket-proxy';

export interface GatewayParts {
  readonly prefix: string;
  readonly maxBodyBytes: number;
  readonly tokenCheck: TokenCheck;
  readonly upstreams: Readonly<Record<UpstreamName, Upstream>>;
  readonly channels: WebSocketProxy;
  readonly logger: Logger;
  readonly isShuttingDown: () => boolean;
}

export interface Gateway {
  /** @param next the framework, which has the gateway's own pages */
  serve(request: IncomingMessage, response: ServerResponse, next: () => void): void;
  /** Takes a connection that asks for another protocol. */
  upgrade(server: Server, request: IncomingMessage, socket: Socket, head: Buffer): void;
}

/**
 * The way of every request: one canonical path decides whether the token is asked for and where the request goes; then the
 * token is checked; then the request goes to its upstream or, as `next`, to the gateway's own pages.
 */
export function createGateway(parts: GatewayParts): Gateway {
  return {
    serve(request, response, next) {
      prepare(request, response, parts);
      pass(request, response, next, parts).catch((error: unknown) => {
        if (!(error instanceof ServiceError)) {
          parts.logger.error({ err: error }, 'request failed');
        }
        answerError(response, error instanceof ServiceError ? error : new BadGateway('the gateway failed'));
      });
    },
    upgrade(server, request, socket, head) {
      const channel = channelOf(request, parts.prefix);
      if (channel === undefined) {
        serveWithoutUpgrade(server, request, socket, head);
        return;
      }
      request.url = channel;
      parts.channels.connect(request, socket, head);
    },
  };
}

/** Path and query of the channel at its service; undefined for what is answered like any other request. */
const channelOf = (request: IncomingMessage, prefix: string): string | undefined => {
  if (!asksForWebSocket(request)) {
    return undefined;
  }
  try {
    const target = canonicalTarget(request.url ?? '/');
    const route = routeOf(target.path, prefix);
    return route.kind === 'websocket' ? route.path + target.query : undefined;
  } catch {
    return undefined;
  }
};

async function pass(
  request: IncomingMessage,
  response: ServerResponse,
  next: () => void,
  parts: GatewayParts,
): Promise<void> {
  const target = readTarget(request);
  const route = routeOf(target.path, parts.prefix);
  switch (route.kind) {
    case 'redirect':
      answerRedirect(response, route.to);
      return;
    case 'authenticate':
      await parts.tokenCheck.require(tokenOf(request));
      response.writeHead(200).end();
      return;
    case 'websocket':
      throw new UpgradeRequired();
    case 'own':
    case 'upstream':
      if (!route.isPublic) {
        await parts.tokenCheck.require(tokenOf(request));
      }
      refuseLargeBody(request, parts.maxBodyBytes);
      request.url = route.path + target.query;
      dispatch(route, request, response, next, parts);
  }
}

const dispatch = (
  route: Extract<Route, { kind: 'own' | 'upstream' }>,
  request: IncomingMessage,
  response: ServerResponse,
  next: () => void,
  { upstreams }: GatewayParts,
): void => {
  if (route.kind === 'own') {
    next();
  } else {
    upstreams[route.upstream].forward(request, response);
  }
};

const readTarget = (request: IncomingMessage): CanonicalTarget => {
  try {
    return canonicalTarget(request.url ?? '/');
  } catch (error) {
    throw error instanceof UnsafePath ? new BadRequest(error.message) : error;
  }
};

const tokenOf = (request: IncomingMessage): string | undefined => {
  const token = request.headers[TOKEN_HEADER];
  return typeof token === 'string' ? token : undefined;
};

/** Bodies of unknown length, and the lines of a stream, are counted by the service that reads them. */
const refuseLargeBody = (request: IncomingMessage, maxBodyBytes: number): void => {
  if (isLineStream(request.headers)) return;
  if (Number(request.headers['content-length'] ?? 0) > maxBodyBytes) {
    throw new PayloadTooLarge(`the request body is larger than the limit of ${maxBodyBytes} bytes (MAX_BODY_BYTES)`);
  }
};

/** Gives the request its id, which the services use as well, and writes one line when it is answered. */
const prepare = (request: IncomingMessage, response: ServerResponse, parts: GatewayParts): void => {
  const requestId = requestIdOf(request);
  const startedAt = performance.now();
  const { method } = request;
  const path = request.url?.split('?', 1)[0];
  request.headers['x-request-id'] = requestId;
  response.setHeader('X-Request-Id', requestId);
  if (parts.isShuttingDown()) {
    response.setHeader('Connection', 'close');
  }
  response.on('close', () => {
    const ms = Math.round((performance.now() - startedAt) * 10) / 10;
    const status = response.writableFinished ? response.statusCode : 499;
    parts.logger.info({ requestId, method, path, status, ms }, 'request');
  });
};
