import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { Model } from 'mongoose';
import { EventRecord } from './event.schema';

/** What is known of an event that is to be removed. */
export type RemovableEvent = Pick<EventRecord, '_id' | 'project'>;

/** The one way in which events leave the log. */
@Injectable()
export class EventRemoval {
  constructor(@InjectModel(EventRecord.name) private readonly events: Model<EventRecord>) {}

  async remove(events: readonly RemovableEvent[]): Promise<void> {
    if (events.length === 0) return;
    await this.events.deleteMany({ _id: { $in: events.map(({ _id }) => _id) } });
  }
}
