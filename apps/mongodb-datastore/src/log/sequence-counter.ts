import { driverCollection } from '@keptn/mongodb-connection';
import { SETTINGS } from '@keptn/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { Model, type mongo } from 'mongoose';
import { type MongodbDatastoreSettings } from '../settings';
import { Counter } from './counter.schema';
import { EventStore } from './event-store';
import { OwnNumbers } from './own-numbers';

const EVENTS = 'events';

/**
 * A number need not be durable before its event is: in a journal the number comes first, so whoever finds the event after a
 * crash finds that its number was taken. Should a crash bring an older counter back all the same, as it can when the two are on
 * different shards, then the unique index on the numbers refuses those that are in use, and {@link SequenceCounter.catchUp}
 * passes them.
 */
const UNWAITED = { w: 'majority', j: false } as const;

/** How many numbers are taken at once where nobody else takes any. A restart leaves those that are not used. */
const BLOCK = 100;

/** Hands out sequence numbers, one atomic step for a whole group, to any number of replicas. */
@Injectable()
export class SequenceCounter {
  private readonly rawCounters: mongo.Collection<Counter>;
  private readonly leastSize: number;
  private isChecked = false;
  /** What is left of the numbers that were taken last. */
  private block = { next: 1, end: 0 };

  constructor(
    @InjectModel(Counter.name) private readonly counters: Model<Counter>,
    private readonly store: EventStore,
    private readonly ownNumbers: OwnNumbers,
    @Inject(SETTINGS) settings: MongodbDatastoreSettings,
  ) {
    this.rawCounters = driverCollection(counters);
    this.leastSize = settings.ONLY_REPLICA ? BLOCK : 1;
  }

  /** @returns the first of `count` numbers that follow each other and that nobody else gets */
  async take(count: number): Promise<number> {
    if (!this.isChecked) {
      await this.catchUp();
      this.isChecked = true;
    }
    if (this.block.next + count - 1 > this.block.end) {
      const size = Math.max(count, this.leastSize);
      const end = await this.advance(size);
      // What is left goes on into the new block, unless somebody else has taken numbers in between.
      const start = end - size + 1;
      this.block = { next: start === this.block.end + 1 ? this.block.next : start, end };
    }
    const first = this.block.next;
    this.block.next += count;
    this.ownNumbers.take(first, count);
    return first;
  }

  /** Moves the counter behind the events that exist, should it have been lost or restored from an older backup. */
  async catchUp(): Promise<void> {
    const highest = await this.store.highestSequence();
    await this.counters.updateOne({ _id: EVENTS }, { $max: { value: highest } }, { upsert: true });
    this.block = { next: 1, end: 0 };
  }

  /** @returns the last of `count` numbers more */
  private async advance(count: number): Promise<number> {
    // Past mongoose: groups of events wait for this, and there is nothing to cast.
    const counter = await this.rawCounters.findOneAndUpdate(
      { _id: EVENTS },
      { $inc: { value: count } },
      { upsert: true, returnDocument: 'after', writeConcern: UNWAITED },
    );
    if (counter === null) throw new Error('the sequence counter was not answered by the database');
    return counter.value;
  }
}
