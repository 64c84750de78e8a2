import { type IncomingMessage } from 'node:http';
import { type Server, type Socket } from 'node:net';
import { IDENTITY_HEADER, offeredToken } from '@keptn/auth';
import {
  asksForWebSocket,
  BadGateway,
  Forbidden,
  requestIdOf,
  requireServable,
  serveWithoutUpgrade,
  ServiceError,
  UpgradeRequired,
} from '@keptn/service-kit';
import { type Logger } from 'pino';
import { type Admission, dropClaims, withheldOf } from './request/admission';
import { type OpenAnswers } from './authentication/open-answers';
import { type RequestQuota } from './authentication/request-quota';
import { type TokenCheck } from './authentication/token-check';
import { forwardedHeaders } from './client/forwarded-headers';
import { beginRequest, type RequestParts } from './request/begin-request';
import { type Cors } from './request/cors';
import { type GatewayResponse } from './request/gateway-response';
import { answerError, answerRedirect } from './proxy/answer';
import { checkAnnouncedBody } from './proxy/body';
import { type Upstream } from './proxy/upstream';
import { canonicalTarget, UnsafePath } from './routing/canonical-path';
import { type InternalOperations } from './routing/internal-operations';
import { type Route, routeOf, type RouteScope, type UpstreamName } from './routing/routes';
import { type WebSocketProxy } from './websocket/websocket-proxy';

export interface GatewayParts extends RequestParts, RouteScope {
  readonly maxBodyBytes: number;
  readonly maxHeaderCount: number;
  readonly cors: Cors;
  readonly tokenCheck: TokenCheck;
  readonly openAnswers: OpenAnswers;
  /** Absent when callers may make as many requests as they like. */
  readonly quota: RequestQuota | undefined;
  readonly upstreams: Readonly<Partial<Record<UpstreamName, Upstream>>>;
  /** Absent when internal operations may be called from outside. */
  readonly internalOperations?: Readonly<Partial<Record<UpstreamName, InternalOperations>>> | undefined;
  readonly channels: WebSocketProxy;
  readonly logger: Logger;
}

/** What the gateway counts is of all projects. */
const METRICS = /^\/metrics\/?$/;

/**
 * The way of every request: one canonical path decides whether the token is asked for and where the request goes; then the
 * token is checked; then the request goes to its upstream or to the gateway's own pages. Nothing on this way waits unless the
 * token has to be asked about.
 */
export class Gateway {
  constructor(private readonly parts: GatewayParts) {}

  /** @param framework has the gateway's own pages */
  serve(response: GatewayResponse, framework: () => void): void {
    try {
      beginRequest(response, this.parts);
      this.route(response, framework);
    } catch (error) {
      this.fail(response, error);
    }
  }

  /** Takes a connection that asks for another protocol. */
  upgrade(server: Server, request: IncomingMessage, socket: Socket, head: Buffer): void {
    const channel = channelOf(request, this.parts);
    if (channel === undefined) {
      serveWithoutUpgrade(server, request, socket, head);
      return;
    }
    const { trustedProxies, accessLogger } = this.parts;
    const client = trustedProxies.clientOf(request);
    const requestId = requestIdOf(request);
    accessLogger.info({ requestId, client, method: request.method, path: channel.path, status: 101 }, 'channel');
    dropClaims(request);
    request.headers = forwardedHeaders(request, client, trustedProxies);
    Object.assign(request.headers, { connection: 'Upgrade', upgrade: 'websocket', 'x-request-id': requestId });
    request.url = channel.path + channel.query;
    this.parts.channels.connect(request, socket, head);
  }

  private route(response: GatewayResponse, framework: () => void): void {
    const { req: incoming } = response;
    dropClaims(incoming);
    requireServable(incoming);
    if (incoming.rawHeaders.length / 2 > this.parts.maxHeaderCount) {
      throw new ServiceError(
        'HEADERS_TOO_LARGE',
        `the request has more than ${this.parts.maxHeaderCount} headers (MAX_HEADER_COUNT)`,
      );
    }
    const target = readTarget(incoming);
    const route = routeOf(target.path, this.parts);
    if (this.parts.cors.handle(response)) {
      return;
    }
    if (route.kind === 'redirect') {
      answerRedirect(response, route.to + target.query);
      return;
    }
    if (route.kind === 'websocket') {
      throw new UpgradeRequired();
    }
    if (route.kind !== 'authenticate' && route.isPublic) {
      this.proceed(route, target.query, response, framework);
      return;
    }
    const token = offeredToken(incoming);
    const proceed = (admission: Admission): void => {
      if (admission.isNamed) this.limit(token, admission, response);
      response.admission = admission;
      this.proceed(route, target.query, response, framework);
    };
    const known = this.parts.tokenCheck.knownAdmission(token);
    if (known !== undefined) {
      proceed(known);
      return;
    }
    this.parts.tokenCheck
      .require(token, response.client)
      .then(proceed)
      .catch((error: unknown) => {
        this.fail(response, error);
      });
  }

  /**
   * What holds for all but the shared token, which is the operator's, and is never revoked.
   *
   * @throws TooManyRequests
   */
  private limit(token: string | undefined, { callerId }: Admission, response: GatewayResponse): void {
    const { openAnswers, quota } = this.parts;
    if (quota !== undefined) {
      for (const [name, value] of Object.entries(quota.spend(callerId))) response.setHeader(name, value);
    }
    if (token !== undefined) openAnswers.watch(token, response);
  }

  /** The request is permitted. */
  private proceed(
    route: Extract<Route, { kind: 'authenticate' | 'own' | 'upstream' }>,
    query: string,
    response: GatewayResponse,
    framework: () => void,
  ): void {
    const { req: incoming } = response;
    if (response.destroyed) {
      return;
    }
    if (route.kind === 'authenticate') {
      response.writeHead(200).end();
      return;
    }
    checkAnnouncedBody(incoming, this.parts.maxBodyBytes);
    incoming.url = route.path + query;
    if (route.kind === 'own') {
      if (METRICS.test(route.path) && response.admission?.managesSystem !== true)
        throw new Forbidden('this needs the scope system:manage on all projects');
      response.isLogged = false;
      framework();
      return;
    }
    const internal = this.parts.internalOperations?.[route.upstream];
    if (internal === undefined) {
      this.forward(route.upstream, response);
      return;
    }
    internal
      .refuse(incoming.method ?? '', route.path)
      .then(() => {
        this.forward(route.upstream, response);
      })
      .catch((error: unknown) => {
        this.fail(response, error);
      });
  }

  private forward(name: UpstreamName, response: GatewayResponse): void {
    const { req: incoming, client, admission } = response;
    if (response.destroyed) {
      return;
    }
    if (incoming.headers.expect !== undefined) {
      response.writeContinue();
    }
    incoming.headers = forwardedHeaders(incoming, client, this.parts.trustedProxies, withheldOf(admission));
    // After all that a client can have taken out.
    if (admission?.identity !== undefined) incoming.headers[IDENTITY_HEADER] = admission.identity;
    response.upstream = name;
    this.parts.upstreams[name]?.forward(incoming, response);
  }

  private fail(response: GatewayResponse, error: unknown): void {
    if (error instanceof ServiceError) {
      answerError(response, error);
      return;
    }
    this.parts.logger.error({ err: error, requestId: response.requestId }, 'request failed');
    answerError(response, new BadGateway('the gateway failed; its log tells more under this request id'));
  }
}

const readTarget = (request: IncomingMessage): { path: string; query: string } => {
  try {
    return canonicalTarget(request.url ?? '/');
  } catch (error) {
    throw error instanceof UnsafePath ? new ServiceError('UNSAFE_PATH', error.message) : error;
  }
};

/** Path and query of the channel at its service; undefined for what is answered like any other request. */
const channelOf = (request: IncomingMessage, scope: RouteScope): { path: string; query: string } | undefined => {
  if (!asksForWebSocket(request)) {
    return undefined;
  }
  try {
    requireServable(request);
    const { path, query } = canonicalTarget(request.url ?? '/');
    const route = routeOf(path, scope);
    return route.kind === 'websocket' ? { path: route.path, query } : undefined;
  } catch {
    return undefined;
  }
};
