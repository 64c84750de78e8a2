import { Injectable } from '@nestjs/common';
import { type EventFilter, matches, narrowed } from './event-filter';
import { EventRemoval } from './event-removal';
import { EventStore } from './event-store';
import { positionOfDate } from './position';
import { StableLog } from './stable-log';

/** How many events matched, of those with sequence numbers up to one. */
interface Remembered {
  readonly events: number;
  readonly upTo: number;
  /** The generation of the log for which that is true. */
  readonly generation: number;
}

/** Counts that are remembered; those not asked for the longest are forgotten. */
const REMEMBERED = 1_000;

/** Below this number, counting the entries of an index costs no more than remembering. */
const WORTH_REMEMBERING = 500;

/** Events behind a remembered count that are looked at one by one; with more, all is counted anew. */
const LONGEST_TAIL = 5_000;

/** What has come since is looked at on every question, so it is taken into the remembered count once it is this much. */
const TAKE_IN = 200;

/** Events whose time is as young as this are listed instead of counted, since writers add to them while others count. */
const YOUNG_MS = 5_000;

/**
 * How many events match, exactly. A count is remembered together with the sequence number up to which it goes, so asked again
 * only what came since is looked at, and the cost does not grow with the log. A removal makes all of them void.
 */
@Injectable()
export class EventCounts {
  private readonly remembered = new Map<string, Remembered>();

  constructor(
    private readonly store: EventStore,
    private readonly log: StableLog,
    private readonly removal: EventRemoval,
  ) {}

  async count(filter: EventFilter): Promise<number> {
    const key = JSON.stringify([Object.entries(filter.anyOf).toSorted(), filter.from, filter.until]);
    const generation = await this.removal.generation();
    const known = this.remembered.get(key);
    if (known !== undefined && known.generation === generation) {
      const count = await this.goOn(key, filter, known);
      if (count !== undefined) return count;
    }
    return generation === undefined ? this.store.count(filter) : this.countAll(key, filter, generation);
  }

  /** @returns nothing when too much has come since */
  private async goOn(key: string, filter: EventFilter, known: Remembered): Promise<number | undefined> {
    const { events, watermark, isCut } = await this.log.headersAfter(known.upTo, LONGEST_TAIL);
    if (isCut) return undefined;
    const matching = events.filter((event) => matches(filter, event));
    if (events.length >= TAKE_IN) {
      const certain = matching.filter(({ _id }) => _id <= watermark).length;
      this.remember(key, { ...known, events: known.events + certain, upTo: watermark });
    }
    return known.events + matching.length;
  }

  private async countAll(key: string, filter: EventFilter, generation: number): Promise<number> {
    const few = await this.store.count(filter, WORTH_REMEMBERING);
    if (few < WORTH_REMEMBERING) return few;
    const { position: upTo, alreadyThere } = await this.log.end();
    const young = positionOfDate(new Date(Date.now() - YOUNG_MS));
    const [old, recent] = await Promise.all([
      this.store.count(narrowed(filter, { until: young })),
      this.store.headers(narrowed(filter, { from: young }), LONGEST_TAIL),
    ]);
    if (recent.length === LONGEST_TAIL) return this.store.count(filter);
    const { events: behind, isCut } = await this.log.headersAfter(upTo, LONGEST_TAIL);
    const oldBehind = behind.filter((event) => event.position < young && matches(filter, event));
    // What came meanwhile with an old time may have been counted or not.
    if (!isCut && oldBehind.every(({ _id }) => alreadyThere.has(_id))) {
      const events = old - oldBehind.length + recent.filter(({ _id }) => _id <= upTo).length;
      this.remember(key, { events, upTo, generation });
    }
    return old + recent.length;
  }

  private remember(key: string, count: Remembered): void {
    this.remembered.delete(key);
    this.remembered.set(key, count);
    const [oldest] = this.remembered.keys();
    if (this.remembered.size > REMEMBERED && oldest !== undefined) this.remembered.delete(oldest);
  }
}
