import { type IncomingMessage, type Server } from 'node:http';
import { type Socket } from 'node:net';
import { SERVICES_WITH_API } from '@keptn/service-catalog';
import { limitBodyTime, refuseTunnels, type ServerFactory, type ServiceContext } from '@keptn/service-kit';
import { OpenAnswers } from './authentication/open-answers';
import { RequestQuota } from './authentication/request-quota';
import { TokenCheck } from './authentication/token-check';
import { limitConnections } from './client/connection-limit';
import { TrustedProxies } from './client/trusted-proxies';
import { Gateway } from './gateway';
import { Upstream } from './proxy/upstream';
import { Cors } from './request/cors';
import { type GatewayResponse } from './request/gateway-response';
import { RequestMetrics } from './request/request-metrics';
import { securityHeaders } from './request/security-headers';
import { InternalOperations } from './routing/internal-operations';
import { type UpstreamName } from './routing/routes';
import { createListener } from './server/listener';
import { type ApiGatewaySettings, urlOf } from './settings';
import { WebSocketProxy } from './websocket/websocket-proxy';

/** The gateway, put together from its settings, and its server: every request and every change of protocol goes to it first. */
export function gatewayServer(settings: ApiGatewaySettings, context: ServiceContext): ServerFactory {
  const trustedProxies = new TrustedProxies(settings.TRUSTED_PROXIES);
  const gateway = createGateway(settings, trustedProxies, context);
  return (framework) => {
    const server = createListener(settings, context.logger);
    const serve = (request: IncomingMessage, response: GatewayResponse): void => {
      limitBodyTime(request, response, settings.BODY_TIMEOUT_MS);
      gateway.serve(response, () => {
        framework(request, response);
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
    limitConnections(server, {
      total: settings.MAX_CONNECTIONS,
      perClient: settings.MAX_CONNECTIONS_PER_CLIENT,
      trustedProxies,
      logger: context.logger,
    });
    return server as unknown as Server;
  };
}

const createGateway = (
  settings: ApiGatewaySettings,
  trustedProxies: TrustedProxies,
  { logger, accessLogger, readiness, metrics, onShutdown, onClose }: ServiceContext,
): Gateway => {
  const upstreams: Partial<Record<UpstreamName, Upstream>> = {};
  for (const [name, url] of urlsOf(settings)) {
    const { UPSTREAM_TIMEOUT_MS: timeoutMs, MAX_BODY_BYTES: maxBodyBytes } = settings;
    const upstream = new Upstream({ name, url, timeoutMs, maxBodyBytes });
    upstreams[name] = upstream;
    onClose(() => upstream.close());
  }
  for (const { name } of SERVICES_WITH_API.filter(({ isEssential }) => isEssential)) {
    readiness.add(name, () => upstreams[name]?.requireReady() ?? Promise.resolve());
  }
  const tokenCheck = new TokenCheck({
    url: settings.API_SERVICE_URL,
    cacheMs: settings.AUTH_CACHE_MS,
    failuresPerMinute: settings.AUTH_FAILURES_PER_MINUTE,
  });
  onClose(() => tokenCheck.close());
  const openAnswers = new OpenAnswers(tokenCheck);
  openAnswers.start();
  onClose(() => openAnswers.stop());
  const { REQUESTS_PER_MINUTE: perMinute } = settings;
  const channels = new WebSocketProxy({ name: 'api-service', url: settings.API_SERVICE_URL });
  onShutdown(() => {
    channels.close();
  });
  return new Gateway({
    prefix: settings.PREFIX_PATH,
    hasBridge: settings.BRIDGE_URL !== undefined,
    maxBodyBytes: settings.MAX_BODY_BYTES,
    maxHeaderCount: settings.MAX_HEADER_COUNT,
    securityHeaders: securityHeaders(settings),
    trustedProxies,
    cors: new Cors(settings.CORS_ALLOWED_ORIGINS),
    tokenCheck,
    openAnswers,
    quota: perMinute === undefined ? undefined : new RequestQuota({ perMinute }),
    upstreams,
    internalOperations: settings.EXPOSE_INTERNAL_ENDPOINTS ? undefined : internalOperationsOf(settings, onClose),
    channels,
    logger,
    metrics: new RequestMetrics(metrics),
    accessLogger,
    isShuttingDown: () => readiness.isShuttingDown,
  });
};

const internalOperationsOf = (
  settings: ApiGatewaySettings,
  onClose: ServiceContext['onClose'],
): Partial<Record<UpstreamName, InternalOperations>> =>
  Object.fromEntries(
    SERVICES_WITH_API.map(({ name }) => {
      const operations = new InternalOperations(name, urlOf(settings, name));
      onClose(() => operations.close());
      return [name, operations];
    }),
  );

const urlsOf = (settings: ApiGatewaySettings): Map<UpstreamName, string> => {
  const urls = new Map(SERVICES_WITH_API.map(({ name }) => [name, urlOf(settings, name)]));
  if (settings.BRIDGE_URL !== undefined) {
    urls.set('bridge', settings.BRIDGE_URL);
  }
  return urls;
};
