import { driverCollection } from '@keptn/mongodb-connection';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { Model, type mongo } from 'mongoose';
import { Counter } from './counter.schema';
import { EventStore } from './event-store';

const EVENTS = 'events';

/**
 * A number need not be durable before its event is: in a journal the number comes first, so whoever finds the event after a
 * crash finds that its number was taken. Should a crash bring an older counter back all the same, as it can when the two are on
 * different shards, then the unique index on the numbers refuses those that are in use, and {@link SequenceCounter.catchUp}
 * passes them.
 */
const UNWAITED = { w: 'majority', j: false } as const;

/** Hands out sequence numbers, one atomic step for a whole group, to any number of replicas. */
@Injectable()
export class SequenceCounter {
  private readonly rawCounters: mongo.Collection<Counter>;
  private isChecked = false;

  constructor(
    @InjectModel(Counter.name) private readonly counters: Model<Counter>,
    private readonly store: EventStore,
  ) {
    this.rawCounters = driverCollection(counters);
  }

  /** @returns the first of `count` numbers that follow each other and that nobody else gets */
  async take(count: number): Promise<number> {
    if (!this.isChecked) {
      await this.catchUp();
      this.isChecked = true;
    }
    // Past mongoose: every group of events waits for this, and there is nothing to cast.
    const counter = await this.rawCounters.findOneAndUpdate(
      { _id: EVENTS },
      { $inc: { value: count } },
      { upsert: true, returnDocument: 'after', writeConcern: UNWAITED },
    );
    if (counter === null) throw new Error('the sequence counter was not answered by the database');
    return counter.value - count + 1;
  }

  /** Moves the counter behind the events that exist, should it have been lost or restored from an older backup. */
  async catchUp(): Promise<void> {
    const highest = await this.store.highestSequence();
    await this.counters.updateOne({ _id: EVENTS }, { $max: { value: highest } }, { upsert: true });
  }
}
