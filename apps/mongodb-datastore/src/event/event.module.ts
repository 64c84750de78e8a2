import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { ContextModule } from '../contexts/context.module';
import { LogModule } from '../log/log.module';
import { ProjectModule } from '../projects/project.module';
import { EventContextController } from './context/event-context.controller';
import { EventContextService } from './context/event-context.service';
import { EventQueryService } from './event-query.service';
import { EventController } from './event.controller';
import { EventIntakeService } from './intake/event-intake.service';
import { EventAppender } from './intake/event-appender';
import { EventExportService } from './lines/event-export.service';
import { EventImportService } from './lines/event-import.service';
import { LongPoll } from './long-poll';
import { PendingEventController } from './pending/pending-event.controller';
import { PendingEvent, pendingEventSchema } from '../pending-events/pending-event.schema';
import { PendingEventService } from './pending/pending-event.service';
import { PendingEvents } from '../pending-events/pending-events';
import { EventStreamController } from './stream/event-stream.controller';
import { EventStreamService } from './stream/event-stream.service';
import { EventTypeController } from './type/event-type.controller';
import { EventTypeService } from './type/event-type.service';

@Module({
  imports: [
    LogModule,
    ContextModule,
    ProjectModule,
    MongooseModule.forFeature([{ name: PendingEvent.name, schema: pendingEventSchema }]),
  ],
  controllers: [
    EventTypeController,
    EventContextController,
    EventStreamController,
    EventController,
    PendingEventController,
  ],
  providers: [
    EventContextService,
    EventExportService,
    EventImportService,
    EventIntakeService,
    EventAppender,
    EventQueryService,
    EventStreamService,
    EventTypeService,
    LongPoll,
    PendingEvents,
    PendingEventService,
  ],
})
export class EventModule {}
