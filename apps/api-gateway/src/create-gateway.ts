import { SERVICES_WITH_API } from '@keptn/service-catalog';
import { type ServerEquipment } from '@keptn/service-kit';
import { TokenCheck } from './authentication/token-check';
import { type TrustedProxies } from './client/trusted-proxies';
import { Cors } from './exchange/cors';
import { RequestMetrics } from './exchange/request-metrics';
import { securityHeaders } from './exchange/security-headers';
import { Gateway } from './gateway';
import { Upstream } from './proxy/upstream';
import { InternalOperations } from './routing/internal-operations';
import { type UpstreamName } from './routing/routes';
import { type ApiGatewaySettings, urlOf } from './settings';
import { WebSocketProxy } from './websocket/websocket-proxy';

/** Puts the gateway together from its settings. */
export function createGateway(
  settings: ApiGatewaySettings,
  trustedProxies: TrustedProxies,
  { logger, accessLogger, readiness, metrics, onShutdown, onClose }: ServerEquipment,
): Gateway {
  const isShuttingDown = (): boolean => readiness.isShuttingDown;
  const urls = urlsOf(settings);
  const upstreams: Partial<Record<UpstreamName, Upstream>> = {};
  const internalOperations: Partial<Record<UpstreamName, InternalOperations>> = {};
  for (const [name, url] of urls) {
    const upstream = new Upstream({
      name,
      url,
      timeoutMs: settings.UPSTREAM_TIMEOUT_MS,
      maxBodyBytes: settings.MAX_BODY_BYTES,
      isShuttingDown,
    });
    upstreams[name] = upstream;
    onClose(() => upstream.close());
  }
  for (const { name } of SERVICES_WITH_API) {
    readiness.add(name, () => upstreams[name]?.requireReady() ?? Promise.resolve());
    internalOperations[name] = new InternalOperations(name, urls.get(name) ?? '');
  }
  const tokenCheck = new TokenCheck({
    url: settings.API_SERVICE_URL,
    cacheMs: settings.AUTH_CACHE_MS,
    failuresPerMinute: settings.AUTH_FAILURES_PER_MINUTE,
  });
  onClose(() => tokenCheck.close());
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
    upstreams,
    internalOperations: settings.EXPOSE_INTERNAL_ENDPOINTS ? undefined : internalOperations,
    channels,
    logger,
    metrics: new RequestMetrics(metrics),
    accessLogger,
    isShuttingDown,
  });
}

const urlsOf = (settings: ApiGatewaySettings): Map<UpstreamName, string> => {
  const urls = new Map(SERVICES_WITH_API.map(({ name }) => [name, urlOf(settings, name)]));
  if (settings.BRIDGE_URL !== undefined) {
    urls.set('bridge', settings.BRIDGE_URL);
  }
  return urls;
};
