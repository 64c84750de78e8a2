import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { Counter, counterSchema } from './counter.schema';
import { EventRemoval } from './event-removal';
import { EventStore } from './event-store';
import { EventWriter } from './event-writer';
import { EventRecord, eventSchema } from './event.schema';
import { LiveFeed } from './live-feed';
import { LogCursor, logCursorSchema } from './log-cursor.schema';
import { LogCursors } from './log-cursors';
import { SequenceCounter } from './sequence-counter';
import { SettledLog } from './settled-log';

@Module({
  imports: [
    MongooseModule.forFeature([
      { name: EventRecord.name, schema: eventSchema },
      { name: Counter.name, schema: counterSchema },
      { name: LogCursor.name, schema: logCursorSchema },
    ]),
  ],
  providers: [EventRemoval, EventStore, EventWriter, LiveFeed, LogCursors, SequenceCounter, SettledLog],
  exports: [EventRemoval, EventStore, EventWriter, LiveFeed, LogCursors, MongooseModule, SettledLog],
})
export class LogModule {}
