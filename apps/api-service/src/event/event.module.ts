import { Module } from '@nestjs/common';
import { IdempotencyModule } from '../idempotency/idempotency.module';
import { EventTypesController } from './event-types.controller';
import { EventController } from './event.controller';
import { EventService } from './event.service';
import { SenderRights } from './sender-rights';

@Module({
  imports: [IdempotencyModule],
  controllers: [EventController, EventTypesController],
  providers: [EventService, SenderRights],
})
export class EventModule {}
