import { type ServiceDefinition } from '@keptn/service-kit';
import { Module } from '@nestjs/common';
import { gatewayServer } from './gateway-server';
import { NginxHealthController } from './nginx-health.controller';
import { apiGatewaySettings } from './settings';
import { serveSwaggerPortal } from './swagger/swagger-portal';

@Module({ controllers: [NginxHealthController] })
class AppModule {}

/** The only public endpoint: has every request authenticated by api-service, and routes it. */
export const apiGateway: ServiceDefinition<typeof apiGatewaySettings> = {
  name: 'api-gateway',
  settings: apiGatewaySettings,
  module: () => AppModule,
  // Proxied requests carry what they need in their response; the context would cost them CPU time for nothing.
  providesRequestContext: false,
  server: gatewayServer,
  configure: serveSwaggerPortal,
};
