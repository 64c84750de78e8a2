import { type ServiceDefinition } from '@keptn/service-kit';
import { Module } from '@nestjs/common';
import { TrustedProxies } from './client/trusted-proxies';
import { createGateway } from './create-gateway';
import { NginxHealthController } from './nginx-health.controller';
import { gatewayServer } from './server/gateway-server';
import { apiGatewaySettings } from './settings';
import { serveSwaggerPortal } from './swagger/swagger-portal';

@Module({ controllers: [NginxHealthController] })
class AppModule {}

/** The only public door: has every request authenticated by api-service, and routes it. */
export const apiGateway: ServiceDefinition<typeof apiGatewaySettings> = {
  name: 'api-gateway',
  settings: apiGatewaySettings,
  module: () => AppModule,
  // Proxied requests carry what they need in their exchange; the context would cost them CPU time for nothing.
  providesRequestContext: false,
  server: (settings, equipment) => {
    const trustedProxies = new TrustedProxies(settings.TRUSTED_PROXIES);
    const gateway = createGateway(settings, trustedProxies, equipment);
    return gatewayServer({ gateway, settings, trustedProxies, logger: equipment.logger });
  },
  configure: serveSwaggerPortal,
};
