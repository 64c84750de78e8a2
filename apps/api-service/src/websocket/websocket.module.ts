import { Global, Module } from '@nestjs/common';
import { TokenModule } from '../token/token.module';
import { Channels } from './channels';
import { ChannelEnds } from './channel-ends';
import { ProgressLog } from './progress-log';
import { OpenTickets } from './open-tickets';
import { ReplicaRelay } from './replica-relay';
import { WebsocketController } from './websocket.controller';
import { WebsocketEndpoint } from './websocket.endpoint';

@Global()
@Module({
  imports: [TokenModule],
  controllers: [WebsocketController],
  providers: [
    { provide: Channels, useFactory: () => new Channels() },
    ChannelEnds,
    OpenTickets,
    ProgressLog,
    ReplicaRelay,
    WebsocketEndpoint,
  ],
  exports: [ChannelEnds, ProgressLog],
})
export class WebsocketModule {}
