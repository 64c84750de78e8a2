import { setTimeout as delay } from 'node:timers/promises';
import { type Logger } from 'pino';
import { type LogClient } from '../log/log-client';
import { type LogEvent } from '../log/log-event';
import { type Interest, SubscriptionIndex } from '../matching/subscription-index';
import { type StoredReplay } from '../subscription/subscription.schema';
import { type SubscriptionDelivery } from './subscription-delivery';

/** Pause when the log has nothing to give although the span goes on, or fails, in milliseconds. */
const RECOVERY_DELAY_MS = 500;

/** Reads a part of the log again for one subscription, as fast as its delivery takes it. */
export class ReplayDelivery {
  private readonly index = new SubscriptionIndex<SubscriptionDelivery>();
  private readonly stopping = new AbortController();
  private reading: Promise<void> = Promise.resolve();
  private wakeReader: () => void = () => undefined;

  constructor(
    private readonly log: LogClient,
    private readonly logger: Logger,
    readonly delivery: SubscriptionDelivery,
    private readonly stored: StoredReplay,
    interest: Interest,
  ) {
    this.index.set(delivery, interest);
  }

  /** The replay as it is stored. */
  get progress(): StoredReplay {
    const { position, open } = this.delivery.checkpoint;
    return { id: this.stored.id, until: this.stored.until, position, open: [...open] };
  }

  /** Whether every event of the span is delivered, refused or given up. */
  get isDone(): boolean {
    return this.delivery.position >= this.stored.until && this.delivery.checkpoint.open.length === 0;
  }

  /** @param onEnd is called when the span is done */
  start(onEnd: () => void): void {
    this.delivery.pump();
    this.reading = this.read().then(() => {
      if (this.isDone) onEnd();
    });
  }

  /** The delivery takes more, or has given events back, or has nothing left. */
  wake(): void {
    this.wakeReader();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake();
    await Promise.all([this.delivery.stop(), this.reading]);
  }

  private async read(): Promise<void> {
    while (!this.isStopped() && !this.isDone) {
      if (this.delivery.position >= this.stored.until || !this.delivery.takesMore) await this.woken();
      else await this.readPage();
    }
  }

  private async readPage(): Promise<void> {
    const before = this.delivery.position;
    try {
      const { events, position } = await this.log.read(before);
      // Events may have been given back meanwhile: what was read is not what follows then.
      if (this.isStopped() || this.delivery.position !== before) return;
      const isAllTaken = events.every((event) => event.sequence > this.stored.until || this.offer(event));
      this.delivery.pump();
      if (isAllTaken) this.delivery.advanceTo(Math.min(position, this.stored.until));
    } catch (error) {
      this.logger.debug({ err: error }, 'the log cannot be read again at the moment');
    }
    if (this.delivery.position === before) {
      await delay(RECOVERY_DELAY_MS, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
  }

  /** @returns false when the delivery does not take the event */
  private offer(event: LogEvent): boolean {
    if (!this.index.matches(this.delivery, event.type, event.json)) {
      this.delivery.advanceTo(event.sequence);
      return true;
    }
    if (!this.delivery.takesMore) return false;
    this.delivery.add(event);
    return true;
  }

  private woken(): Promise<void> {
    return new Promise((resolve) => {
      this.wakeReader = resolve;
    });
  }

  private isStopped(): boolean {
    return this.stopping.signal.aborted;
  }
}
