import { Global, Module } from '@nestjs/common';
import { Channels } from './channels';
import { ReplicaRelay } from './replica-relay';
import { Storyteller } from './storyteller';
import { WebsocketController } from './websocket.controller';
import { WebsocketEndpoint } from './websocket.endpoint';

@Global()
@Module({
  controllers: [WebsocketController],
  providers: [{ provide: Channels, useFactory: () => new Channels() }, ReplicaRelay, Storyteller, WebsocketEndpoint],
  exports: [Storyteller],
})
export class WebsocketModule {}
