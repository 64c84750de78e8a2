import { type ServiceDefinition } from '@keptn/service-kit';
import { Module } from '@nestjs/common';
import { TokenCheck } from './authentication/token-check';
import { createGateway } from './gateway';
import { NginxHealthController } from './nginx-health.controller';
import { Upstream } from './proxy/upstream';
import { UPSTREAMS } from './routing/routes';
import { apiGatewaySettings } from './settings';
import { gatewayServer } from './server/gateway-server';
import { serveSwaggerPortal } from './swagger/swagger-portal';
import { WebSocketProxy } from './websocket/websocket-proxy';

const KEEP_ALIVE_TIMEOUT_MS = 72_000;

@Module({ controllers: [NginxHealthController] })
class AppModule {}

/** The only public door: has every request authenticated by api-service, and routes it. */
export const apiGateway: ServiceDefinition<typeof apiGatewaySettings> = {
  name: 'api-gateway',
  settings: apiGatewaySettings,
  module: () => AppModule,
  server: (settings, { logger, readiness, onShutdown, onClose }) => {
    const upstream = (name: string, url: string) =>
      new Upstream({ name, url, timeoutMs: settings.UPSTREAM_TIMEOUT_MS });
    const upstreams = {
      'api-service': upstream('api-service', settings.API_SERVICE_URL),
      'configuration-service': upstream('configuration-service', settings.CONFIGURATION_SERVICE_URL),
      'mongodb-datastore': upstream('mongodb-datastore', settings.MONGODB_DATASTORE_URL),
    };
    UPSTREAMS.forEach((name) => {
      readiness.add(name, () => upstreams[name].requireReady());
    });
    const tokenCheck = new TokenCheck({ url: settings.API_SERVICE_URL, cacheMs: settings.AUTH_CACHE_MS });
    onClose(() => tokenCheck.close());
    onClose(() => {
      Object.values(upstreams).forEach((each) => {
        each.close();
      });
    });
    const channels = new WebSocketProxy({ name: 'api-service', url: settings.API_SERVICE_URL });
    onShutdown(() => {
      channels.close();
    });
    const gateway = createGateway({
      prefix: settings.PREFIX_PATH,
      maxBodyBytes: settings.MAX_BODY_BYTES,
      tokenCheck,
      upstreams,
      channels,
      logger,
      isShuttingDown: () => readiness.isShuttingDown,
    });
    return gatewayServer(gateway, { keepAliveTimeoutMs: KEEP_ALIVE_TIMEOUT_MS });
  },
  configure: serveSwaggerPortal,
};
