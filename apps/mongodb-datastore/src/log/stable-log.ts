import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS } from '@keptn/service-kit';
import { type MongodbDatastoreSettings } from '../settings';
import { EventStore } from './event-store';
import { type EventRecord, type StoredEvent } from './event.schema';
import { LogSignal } from './log-signal';
import { LogSnapshot } from './log-snapshot';
import { OwnNumbers } from './own-numbers';
import { RecentEvents } from './recent-events';
import { SequenceGaps } from './sequence-gaps';

/** How often a reader looks for events of other replicas, in milliseconds. */
const POLL_INTERVAL_MS = 500;

/** The same while other replicas store nothing, or there are none: each look costs a system that is at rest. */
const QUIET_POLL_INTERVAL_MS = 2_000;

/** The same where there are none: another process that stores events after all is noticed. */
const LONE_POLL_INTERVAL_MS = 30_000;

/** Without an event of another replica for so long, they store nothing. */
const QUIET_AFTER_MS = 60_000;

/** How far below the newest event writers may still be at work: more than one group of each replica. */
const LOOK_BACK = 2_000;

/** How often a reader looks again while it waits for a missing number, in milliseconds. */
const GAP_POLL_INTERVAL_MS = 50;

export interface StableEvents {
  readonly events: readonly EventRecord[];
  /** Everything up to this number has been read or will never exist. */
  readonly position: number;
  /** True when there is more to read at once. */
  readonly hasMore: boolean;
  /** True when a number behind `position` is missing and may still become visible. */
  readonly isWaitingForGap: boolean;
  /** How often this process had announced events when this was read. */
  readonly announcements: number;
}

/** What a writer of this process has done. */
export interface Announcement {
  readonly stored: readonly EventRecord[];
  /** Numbers that were taken and stay unused. */
  readonly abandoned: readonly number[];
}

/** Whether a reader may pass over the numbers from `first` to `last`, none of which it has seen; there may be none. */
type GapPassing = (first: number, last: number) => boolean;

/** The log as a sequence that only grows at its end: what has been read once never gets a predecessor. */
@Injectable()
export class StableLog {
  private readonly gaps: SequenceGaps;
  private readonly growth = new LogSignal();
  private readonly recent = new RecentEvents();
  private hasSightedEnd = false;
  /** Behind this number there was nothing when a reader looked. */
  private lookedUpTo = Infinity;
  /** Behind which number a reader has looked last, when, by `performance.now()`, and how often readers have looked. */
  private look = { behind: Infinity, at: -Infinity, count: 0 };
  private othersStoredAt = -Infinity;
  private readonly restingPollIntervalMs: number;

  constructor(
    private readonly store: EventStore,
    private readonly ownNumbers: OwnNumbers,
    @Inject(SETTINGS) settings: MongodbDatastoreSettings,
  ) {
    this.gaps = new SequenceGaps(settings.SEQUENCE_GAP_MS);
    this.restingPollIntervalMs = settings.ONLY_REPLICA ? LONE_POLL_INTERVAL_MS : QUIET_POLL_INTERVAL_MS;
  }

  /** Tells readers what this process has stored, which is visible in the database by now. */
  announce({ stored, abandoned }: Announcement): void {
    this.recent.add(stored);
    this.gaps.abandon(abandoned);
    this.ownNumbers.settle(abandoned);
    this.ownNumbers.settle(stored.map(({ _id }) => _id));
    this.growth.announce();
  }

  /** The events behind `position`, in order, as far as no earlier one can turn up any more. */
  async readAfter(position: number, limit: number): Promise<StableEvents> {
    const announcements = this.growth.count;
    const next = this.recent.following(position, limit);
    const last = next.at(-1);
    if (last !== undefined) {
      await this.sightHighest(next);
      const hasMore = next.length === limit;
      return { events: next, position: last._id, hasMore, isWaitingForGap: false, announcements };
    }
    this.look = { behind: position, at: performance.now(), count: this.look.count + 1 };
    const mayPass = this.passing();
    const { items: found, next: following } = await this.store.afterSequence(position, limit);
    await this.sightHighest(found);
    this.learnOfOthers(position, found);
    let watermark = position;
    for (const [index, { _id: sequence }] of found.entries()) {
      if (!mayPass(watermark + 1, sequence - 1)) {
        const events = found.slice(0, index);
        return { events, position: watermark, hasMore: false, isWaitingForGap: true, announcements };
      }
      watermark = sequence;
    }
    return {
      events: found,
      position: watermark,
      hasMore: following !== undefined,
      isWaitingForGap: false,
      announcements,
    };
  }

  /**
   * All events behind `position` that are visible, without their texts; `watermark` is the number up to which no other can turn
   * up any more.
   */
  async headersAfter(
    position: number,
    limit: number,
  ): Promise<{ events: readonly StoredEvent[]; watermark: number; isCut: boolean }> {
    const mayPass = this.passing();
    const events = await this.store.headersAfter(position, limit + 1);
    const last = events.at(-1);
    if (last !== undefined) this.gaps.sight(last._id);
    const watermark = watermarkAmong(
      position,
      events.map(({ _id }) => _id),
      mayPass,
    );
    return { events, watermark, isCut: events.length > limit };
  }

  /** Resolves when reading again may give more. Of several readers that have come to the end, one looks for all of them. */
  async waitForMore({ announcements, isWaitingForGap, position }: StableEvents, signal: AbortSignal): Promise<void> {
    if (isWaitingForGap) {
      await this.growth.next(announcements, GAP_POLL_INTERVAL_MS, signal);
      return;
    }
    let looks: number;
    do {
      looks = this.look.count;
      await this.growth.next(announcements, this.msUntilLook(position), signal);
    } while (
      !signal.aborted &&
      this.growth.count === announcements &&
      this.look.behind === position &&
      this.look.count !== looks
    );
  }

  /** Readers at the same position wake together, so that a process at rest wakes once for all of them. */
  private msUntilLook(position: number): number {
    const now = performance.now();
    return (this.look.behind === position ? this.look.at : now) + this.pollIntervalMs - now;
  }

  private get pollIntervalMs(): number {
    return performance.now() - this.othersStoredAt < QUIET_AFTER_MS ? POLL_INTERVAL_MS : this.restingPollIntervalMs;
  }

  /**
   * What turns up in the database where there was nothing before, and this process has not announced, is another replica's. Readers
   * that left the looking to this one are told.
   */
  private learnOfOthers(position: number, found: readonly EventRecord[]): void {
    const first = found.at(0);
    if (first === undefined) {
      this.lookedUpTo = position;
    } else if (first._id > this.lookedUpTo) {
      this.othersStoredAt = performance.now();
      this.growth.announce();
    }
  }

  /**
   * Where a reader starts that wants only what is stored from now on: behind everything that is visible. Numbers below that are
   * taken but not visible yet are waited for; `alreadyThere` are those behind `position` that the reader must pass over.
   */
  async end(): Promise<{ position: number; alreadyThere: ReadonlySet<number> }> {
    const mayPass = this.passing();
    const highest = await this.store.highestSequence();
    this.gaps.sight(highest);
    const start = Math.max(0, highest - LOOK_BACK);
    const present = await this.store.sequencesBetween(start, highest);
    const position = watermarkAmong(start, present, mayPass);
    return { position, alreadyThere: new Set(present.filter((sequence) => sequence > position)) };
  }

  /** Everything that is visible now. */
  async snapshot(): Promise<LogSnapshot> {
    const { position, alreadyThere } = await this.end();
    return new LogSnapshot(position, alreadyThere);
  }

  /** To be called before the database is read, as {@link OwnNumbers.beforeReading}. */
  private passing(): GapPassing {
    const isNobodys = this.ownNumbers.beforeReading();
    return (first, last) => first > last || isNobodys(last) || this.gaps.mayPass(first, last);
  }

  /** A reader far behind the end sees only old numbers; the highest one is what lets it pass over old gaps. */
  private async sightHighest(found: readonly EventRecord[]): Promise<void> {
    const last = found.at(-1);
    if (last === undefined) return;
    this.gaps.sight(last._id);
    if (!this.hasSightedEnd) {
      this.hasSightedEnd = true;
      this.gaps.sight(await this.store.highestSequence());
    }
  }
}

/** The last of the numbers behind `position` before which none is missing that may still turn up. */
function watermarkAmong(position: number, present: readonly number[], mayPass: GapPassing): number {
  let watermark = position;
  for (const sequence of present) {
    if (!mayPass(watermark + 1, sequence - 1)) break;
    watermark = sequence;
  }
  return watermark;
}
