import { driverCollection } from '@keptn/mongodb-connection';
import { SETTINGS } from '@keptn/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { Model, type mongo } from 'mongoose';
import { type MongodbDatastoreSettings } from '../settings';
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

/** How many numbers are taken at once where nobody else takes any. A restart leaves those that are not used. */
const BLOCK = 100;

/** Numbers that follow each other and that nobody else gets. */
export interface TakenNumbers {
  readonly first: number;
  /** Others, which nobody will ever use. */
  readonly abandoned: readonly number[];
}

/** Hands out sequence numbers, one atomic step for a whole group, to any number of replicas. */
@Injectable()
export class SequenceCounter {
  private readonly rawCounters: mongo.Collection<Counter>;
  private isChecked = false;
  /** What is left of the last block of a replica that is alone. */
  private block = { next: 1, end: 0 };
  private lastTaken: Promise<unknown> = Promise.resolve();

  constructor(
    @InjectModel(Counter.name) private readonly counters: Model<Counter>,
    private readonly store: EventStore,
    @Inject(SETTINGS) private readonly settings: MongodbDatastoreSettings,
  ) {
    this.rawCounters = driverCollection(counters);
  }

  /** @param count how many numbers */
  take(count: number): Promise<TakenNumbers> {
    if (!this.settings.ONLY_REPLICA) return this.takeOne(count);
    // One after the other, so that a block follows the one before.
    const taken = this.lastTaken.then(() => this.takeOfBlock(count));
    this.lastTaken = taken.catch(() => undefined);
    return taken;
  }

  /** Moves the counter behind the events that exist, should it have been lost or restored from an older backup. */
  async catchUp(): Promise<void> {
    const highest = await this.store.highestSequence();
    await this.counters.updateOne({ _id: EVENTS }, { $max: { value: highest } }, { upsert: true });
    if (this.block.next <= highest) this.block = { next: this.block.end + 1, end: this.block.end };
  }

  private async takeOne(count: number): Promise<TakenNumbers> {
    if (!this.isChecked) {
      await this.catchUp();
      this.isChecked = true;
    }
    return { first: (await this.advance(count)) - count + 1, abandoned: [] };
  }

  private async takeOfBlock(count: number): Promise<TakenNumbers> {
    const abandoned: number[] = [];
    const { next, end } = this.block;
    if (next + count - 1 > end) {
      if (!this.isChecked) await this.catchUp();
      const size = Math.max(count, BLOCK);
      const newEnd = await this.advance(size);
      const start = newEnd - size + 1;
      if (!this.isChecked) abandoned.push(...(await this.unusedBefore(start)));
      else if (start !== end + 1) abandoned.push(...numbersOf(next, end));
      this.isChecked = true;
      this.block = { next: start === end + 1 ? next : start, end: newEnd };
    }
    const first = this.block.next;
    this.block.next += count;
    return { first, abandoned };
  }

  /**
   * What a process before this one, which was alone as well, has left of its last blocks. What it was still writing is visible by now,
   * because the database has written the counter behind it.
   */
  private async unusedBefore(start: number): Promise<number[]> {
    const highest = await this.store.highestSequence();
    return numbersOf(Math.max(highest, start - 1 - 2 * BLOCK) + 1, start - 1);
  }

  /** @returns the last of `count` numbers more */
  private async advance(count: number): Promise<number> {
    // Past mongoose: every group of events waits for this, and there is nothing to cast.
    const counter = await this.rawCounters.findOneAndUpdate(
      { _id: EVENTS },
      { $inc: { value: count } },
      { upsert: true, returnDocument: 'after', writeConcern: UNWAITED },
    );
    if (counter === null) throw new Error('the sequence counter was not answered by the database');
    return counter.value;
  }
}

const numbersOf = (first: number, last: number): number[] =>
  Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
