import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { Counter, counterSchema } from './counter.schema';
import { EventCounts } from './event-counts';
import { EventRemoval } from './event-removal';
import { EventStore } from './event-store';
import { EventWriter } from './event-writer';
import { EventRecord, eventSchema } from './event.schema';
import { LiveFeed } from './live-feed';
import { LogCursor, logCursorSchema } from './log-cursor.schema';
import { LogCursors } from './log-cursors';
import { OwnNumbers } from './own-numbers';
import { RemovalMark, removalMarkSchema } from './removal-mark.schema';
import { SequenceCounter } from './sequence-counter';
import { StableLog } from './stable-log';

@Module({
  imports: [
    MongooseModule.forFeature([
      { name: EventRecord.name, schema: eventSchema },
      { name: Counter.name, schema: counterSchema },
      { name: LogCursor.name, schema: logCursorSchema },
      { name: RemovalMark.name, schema: removalMarkSchema },
    ]),
  ],
  providers: [
    EventCounts,
    EventRemoval,
    EventStore,
    EventWriter,
    LiveFeed,
    LogCursors,
    OwnNumbers,
    SequenceCounter,
    StableLog,
  ],
  exports: [EventCounts, EventRemoval, EventStore, EventWriter, LiveFeed, LogCursors, MongooseModule, StableLog],
})
export class LogModule {}
