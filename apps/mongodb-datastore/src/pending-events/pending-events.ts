import { KeptnEventType } from '@keptn/event-models';
import { driverCollection, isDuplicateKey } from '@keptn/mongodb-connection';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { Model, type mongo } from 'mongoose';
import { PendingEvent } from './pending-event.schema';

/** Most events of one answer. */
const LIST_LIMIT = 100;

/**
 * Events that are stored before the change that they tell of is made elsewhere, so that none is missing when their sender dies
 * in between. They are no part of the log.
 */
@Injectable()
export class PendingEvents {
  /** Past mongoose: each change of a project waits until its event is added, and until it is removed. */
  private readonly rawEvents: mongo.Collection<PendingEvent>;

  constructor(@InjectModel(PendingEvent.name) private readonly events: Model<PendingEvent>) {
    this.rawEvents = driverCollection(events);
  }

  /** Does nothing when it is there already. */
  async add(event: PendingEvent): Promise<void> {
    try {
      await this.rawEvents.insertOne(event);
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
  }

  /** Those whose change is made by `now` or never will be, longest due first and without their text. */
  due(now: Date): Promise<Omit<PendingEvent, 'event'>[]> {
    return this.events
      .find({ due: { $lte: now } }, { event: 0 })
      .sort({ due: 1 })
      .limit(LIST_LIMIT)
      .lean<Omit<PendingEvent, 'event'>[]>();
  }

  find(id: string): Promise<PendingEvent | null> {
    return this.events.findOne({ _id: { $eq: id } }).lean<PendingEvent | null>();
  }

  async remove(id: string): Promise<void> {
    await this.rawEvents.deleteOne({ _id: id });
  }

  /** The deletions of the project that were begun before the event `id`, in their order; none when it is not pending. */
  async deletionsBefore(id: string, project: string): Promise<PendingEvent[]> {
    const pending = await this.find(id);
    if (pending === null) return [];
    return this.events
      .find({ type: KeptnEventType.projectDelete, project: { $eq: project }, since: { $lte: pending.since } })
      .sort({ since: 1 })
      .lean<PendingEvent[]>();
  }
}
