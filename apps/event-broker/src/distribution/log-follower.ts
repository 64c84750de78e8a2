import { KeptnEventType } from '@keptn/event-models';
import { pause } from '@keptn/service-kit';
import { type Logger } from 'pino';
import { type LogClient } from '../log/log-client';
import { type LogEvent } from '../log/log-event';
import { UnreadableStream } from '../log/stream-messages';
import { type Interest, SubscriptionIndex } from '../matching/subscription-index';
import { type SubscriptionDelivery } from './subscription-delivery';

/** Pause after a failure of the log, in milliseconds. */
const RECOVERY_DELAY_MS = 500;

/** Subscriptions that read what they have missed at the same time. */
const CATCHING_UP = 8;

/** Pause when the log has no more to give although its stream has, in milliseconds. */
const STALE_PAGE_DELAY_MS = 50;

/**
 * Reads the log once for all subscriptions that have come to its end, by its event stream, and for each of the others what it
 * has missed, page by page, for as long as its delivery takes more. What a delivery does not take stays in the log.
 */
export class LogFollower {
  private readonly index = new SubscriptionIndex<SubscriptionDelivery>();
  /** Those that have seen everything up to the position. */
  private readonly live = new Set<SubscriptionDelivery>();
  private readonly behind = new Set<SubscriptionDelivery>();
  private readonly catchingUp = new Set<SubscriptionDelivery>();

  /**
   * @param end position of the log from which on the stream is read
   * @param onProjectEnd is told of the deletion of each project, before anybody gets the event
   */
  constructor(
    private readonly log: LogClient,
    private readonly logger: Logger,
    private end: number,
    private readonly signal: AbortSignal,
    private readonly onProjectEnd: (deletion: LogEvent) => void,
  ) {}

  /** The last sequence number of the log that is known here. */
  get position(): number {
    return this.end;
  }

  add(delivery: SubscriptionDelivery, interest: Interest): void {
    this.index.set(delivery, interest);
    this.resume(delivery);
  }

  remove(delivery: SubscriptionDelivery): void {
    this.updatePosition(delivery);
    this.index.delete(delivery);
    for (const group of [this.live, this.behind, this.catchingUp]) group.delete(delivery);
  }

  /** Brings the position of a delivery that is at the end of the log up to date. */
  updatePosition(delivery: SubscriptionDelivery): void {
    if (this.live.has(delivery)) delivery.advanceTo(this.end);
  }

  /** A delivery takes more again. */
  resume(delivery: SubscriptionDelivery): void {
    if (this.live.has(delivery) || this.catchingUp.has(delivery)) return;
    this.behind.add(delivery);
    this.catchUpNext();
  }

  /** A delivery is about to give events back. */
  leave(delivery: SubscriptionDelivery): void {
    this.updatePosition(delivery);
    this.live.delete(delivery);
  }

  /** Reads until the signal ends it. */
  async run(): Promise<void> {
    while (!this.isOver()) {
      try {
        for await (const events of this.log.follow(this.end, this.signal)) {
          // What came together goes out together.
          const taking = new Set(events.flatMap((event) => this.take(event)));
          for (const delivery of taking) delivery.pump();
        }
      } catch (error) {
        const level = error instanceof UnreadableStream ? 'error' : 'debug';
        if (!this.isOver()) this.logger[level]({ err: error }, 'the event stream of the log broke off');
      }
      await pause(RECOVERY_DELAY_MS, this.signal);
    }
  }

  /** @returns those that have taken the event */
  private take(event: LogEvent): SubscriptionDelivery[] {
    if (event.sequence <= this.end) return [];
    if (event.type === KeptnEventType.projectDelete && event.project !== undefined) this.onProjectEnd(event);
    const taking: SubscriptionDelivery[] = [];
    for (const delivery of this.index.matching(event.type, event.json)) {
      // It may have read further, page by page, while the stream was interrupted.
      if (!this.live.has(delivery) || event.sequence <= delivery.position) continue;
      if (delivery.takesMore) {
        delivery.add(event);
        taking.push(delivery);
      } else {
        this.leave(delivery);
      }
    }
    this.end = event.sequence;
    return taking;
  }

  private catchUpNext(): void {
    for (const delivery of this.behind) {
      if (this.catchingUp.size >= CATCHING_UP) return;
      this.behind.delete(delivery);
      this.catchingUp.add(delivery);
      void this.catchUp(delivery).finally(() => {
        this.catchingUp.delete(delivery);
        // It may have got room while the last page was looked at.
        if (!this.isOver() && this.index.has(delivery) && delivery.takesMore) this.resume(delivery);
        this.catchUpNext();
      });
    }
  }

  private async catchUp(delivery: SubscriptionDelivery): Promise<void> {
    while (this.isCatchingUp(delivery)) {
      if (delivery.position >= this.end) {
        this.live.add(delivery);
        return;
      }
      if (!delivery.takesMore) return;
      try {
        const before = delivery.position;
        const { events, position } = await this.log.read(before);
        if (!this.isCatchingUp(delivery)) return;
        // Events were given back meanwhile: what was read is not what follows.
        if (delivery.position !== before) continue;
        const isAllTaken = events.every((event) => this.offer(delivery, event));
        delivery.pump();
        if (isAllTaken) delivery.advanceTo(position);
        if (delivery.position === before) await pause(STALE_PAGE_DELAY_MS, this.signal);
      } catch (error) {
        this.logger.debug({ err: error }, 'the log cannot be read at the moment');
        await pause(RECOVERY_DELAY_MS, this.signal);
      }
    }
  }

  private isCatchingUp(delivery: SubscriptionDelivery): boolean {
    return !this.isOver() && this.catchingUp.has(delivery);
  }

  /** @returns false when the delivery does not take the event */
  private offer(delivery: SubscriptionDelivery, event: LogEvent): boolean {
    if (!this.index.matches(delivery, event.type, event.json)) {
      delivery.advanceTo(event.sequence);
      return true;
    }
    if (!delivery.takesMore) return false;
    delivery.add(event);
    return true;
  }

  private isOver(): boolean {
    return this.signal.aborted;
  }
}
