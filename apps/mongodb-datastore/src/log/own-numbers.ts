import { SETTINGS } from '@keptn/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { type MongodbDatastoreSettings } from '../settings';

/** Whether all numbers up to one, none of which was visible, may be passed over. */
export type Passing = (last: number) => boolean;

/**
 * The numbers that this process has taken and whose events are not visible yet. Where no other process takes any, a missing number
 * that is not among them will never turn up: a process before this one has left it. What that was still storing when it ended is
 * lower than all that this one takes, and the database stores it first.
 */
@Injectable()
export class OwnNumbers {
  private readonly isAlone: boolean;
  /** A write that failed may have got to the database all the same; its numbers are waited for as long as those of others are. */
  private readonly patienceMs: number;
  /** When each was taken, by `performance.now()`; in ascending order. */
  private readonly onTheWay = new Map<number, number>();
  private firstTaken = Infinity;
  private lastTaken = -Infinity;

  constructor(@Inject(SETTINGS) settings: MongodbDatastoreSettings) {
    this.isAlone = settings.ONLY_REPLICA;
    this.patienceMs = settings.SEQUENCE_GAP_MS;
  }

  /** Notes that events are about to be stored with these numbers, which are higher than all before. */
  take(first: number, count: number): void {
    if (!this.isAlone) return;
    this.firstTaken = Math.min(this.firstTaken, first);
    this.lastTaken = first + count - 1;
    const now = performance.now();
    for (let number = first; number <= this.lastTaken; number++) this.onTheWay.set(number, now);
  }

  /** Notes that the events of these numbers are visible, or will never be stored. */
  settle(numbers: Iterable<number>): void {
    for (const number of numbers) this.onTheWay.delete(number);
  }

  /** To be called before the log is read; what the answer says is about that reading, whatever was stored during it. */
  beforeReading(): Passing {
    if (!this.isAlone) return () => false;
    const settledUpTo = this.lowestOnTheWay() - 1;
    // A number that is first taken during the reading is one of those that it may have missed.
    return (last) => last <= settledUpTo && last < (settledUpTo === Infinity ? this.firstTaken : Infinity);
  }

  private lowestOnTheWay(): number {
    const deadline = performance.now() - this.patienceMs;
    for (const [number, takenAt] of this.onTheWay) {
      if (takenAt > deadline) return number;
      this.onTheWay.delete(number);
    }
    return this.lastTaken === -Infinity ? Infinity : this.lastTaken + 1;
  }
}
