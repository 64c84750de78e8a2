import { NotFound, type ServiceDefinition } from '@keptn/service-kit';
import { Module } from '@nestjs/common';
import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type FastifyRequest } from 'fastify';
import { ApiForwarder } from './api/api-forwarder';
import { serveApi } from './api/api-routes';
import { BridgeInfoController } from './api/bridge-info.controller';
import { servePages } from './pages/pages';
import { SECURITY_HEADERS } from './pages/security-headers';
import { isFromGateway } from './session/browser-request';
import { ForeignChange, isForeignChange } from './session/same-origin';
import { SessionModule } from './session/session.module';
import { SessionService } from './session/session.service';
import { type BridgeSettings, bridgeSettings } from './settings';

@Module({ imports: [SessionModule], controllers: [BridgeInfoController], providers: [ApiForwarder] })
class AppModule {}

/** The web UI: its pages, the sessions of its users, and the public API with the token of each. */
export const bridge: ServiceDefinition<typeof bridgeSettings> = {
  name: 'bridge',
  settings: bridgeSettings,
  module: () => AppModule,
  configure,
};

function configure(app: NestFastifyApplication, settings: BridgeSettings): void {
  const server = app.getHttpAdapter().getInstance();
  server.addHook('onRequest', (request, reply, done) => {
    void reply.headers(SECURITY_HEADERS);
    done(refusalOf(request));
  });
  const { PREFIX_PATH: prefix, MAX_BODY_BYTES: bodyLimit, WEB_FOLDER: folder } = settings;
  serveApi(server, { sessions: app.get(SessionService), forwarder: app.get(ApiForwarder), prefix, bodyLimit });
  servePages(server, { folder, prefix });
}

/** Nobody is refused as such: pages are for everybody, and the API asks for a session. */
function refusalOf({ method, headers, routeOptions }: FastifyRequest): Error | undefined {
  if (routeOptions.url === '/metrics' && isFromGateway(headers)) {
    return new NotFound('metrics are read inside of the cluster');
  }
  return isForeignChange(method, headers) ? new ForeignChange() : undefined;
}
