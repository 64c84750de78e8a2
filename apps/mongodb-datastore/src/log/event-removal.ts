import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { Model } from 'mongoose';
import { EventRecord } from './event.schema';
import { RemovalMark } from './removal-mark.schema';

/** What is known of an event that is to be removed. */
export type RemovableEvent = Pick<EventRecord, '_id'>;

const MARK = 'events';

/** After this time a removal that has not said that it ended has ended, in milliseconds; its process is gone. */
const LONGEST_REMOVAL_MS = 30_000;

/**
 * The one way in which events leave the log. Whoever remembers something of the log as a whole, such as how many events match,
 * looks at `generation` to see whether it still holds.
 */
@Injectable()
export class EventRemoval {
  constructor(
    @InjectModel(EventRecord.name) private readonly events: Model<EventRecord>,
    @InjectModel(RemovalMark.name) private readonly marks: Model<RemovalMark>,
  ) {}

  async remove(events: readonly RemovableEvent[]): Promise<void> {
    if (events.length === 0) return;
    const mine = await this.begin();
    await this.events.deleteMany({ _id: { $in: events.map(({ _id }) => _id) } });
    await this.end(mine);
  }

  /**
   * A number that changes whenever events are removed, undefined while they are. Two equal ones mean that none was removed in
   * between.
   */
  async generation(): Promise<number | undefined> {
    const mark = await this.marks.findOne({ _id: MARK }).lean<RemovalMark | null>();
    if (mark === null) return 0;
    return mark.busyUntil.getTime() > Date.now() ? undefined : mark.generation;
  }

  private async begin(): Promise<number> {
    const mark = await this.marks
      .findOneAndUpdate(
        { _id: MARK },
        { $inc: { generation: 1 }, $max: { busyUntil: new Date(Date.now() + LONGEST_REMOVAL_MS) } },
        { upsert: true, returnDocument: 'after' },
      )
      .lean<RemovalMark | null>();
    if (mark === null) throw new Error('the removal was not answered by the database');
    return mark.generation;
  }

  private async end(mine: number): Promise<void> {
    const { matchedCount } = await this.marks.updateOne(
      { _id: MARK, generation: mine },
      { $set: { busyUntil: new Date(0) } },
    );
    // Another removal has begun since, and perhaps declared all of them ended.
    if (matchedCount === 0) await this.marks.updateOne({ _id: MARK }, { $inc: { generation: 1 } });
  }
}
