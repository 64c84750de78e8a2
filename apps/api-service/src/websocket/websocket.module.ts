import { Global, Module } from '@nestjs/common';
import { Channels } from './channels';
import { ChannelEnds } from './channel-ends';
import { ProgressLog } from './progress-log';
import { ReplicaRelay } from './replica-relay';
import { WebsocketController } from './websocket.controller';
import { WebsocketEndpoint } from './websocket.endpoint';

@Global()
@Module({
  controllers: [WebsocketController],
  providers: [
    { provide: Channels, useFactory: () => new Channels() },
    ChannelEnds,
    ProgressLog,
    ReplicaRelay,
    WebsocketEndpoint,
  ],
  exports: [ChannelEnds, ProgressLog],
})
export class WebsocketModule {}
