import { type SubscriptionSpec } from '@keptn/api-models';
import { type Logger } from 'pino';
import { type DeliveryJournal } from '../delivery/delivery-journal';
import { type DeliveryReport, type DeliveryStore } from '../delivery/delivery.store';
import { type RetryPauses } from '../delivery/retry-pause';
import { type Lease } from '../lease/lease';
import { type LogClient } from '../log/log-client';
import { type Settings } from '../settings';
import { type Sinks } from '../sink/sinks';
import { type SubscriptionRecord } from '../subscription/subscription.schema';
import { type DeliveryProgress, type SubscriptionStore } from '../subscription/subscription.store';
import { type DeliveryMetrics } from './delivery-metrics';
import { LogFollower } from './log-follower';
import { type DeliveryPolicy, SubscriptionDelivery } from './subscription-delivery';

/** The control plane waits for its own events, and its services come back soon. */
const PAUSES_INSIDE: RetryPauses = { firstMs: 100, longestMs: 30_000 };
const PAUSES_OUTSIDE: RetryPauses = { firstMs: 1_000, longestMs: 300_000 };

/** Between two savings of a position up to which nothing was delivered, in milliseconds; a crash only reads that part again. */
const IDLE_SAVE_INTERVAL_MS = 10_000;

/** Between two removals of deliveries that are no longer kept, in milliseconds. */
const CLEANING_INTERVAL_MS = 600_000;

export interface DistributionParts {
  readonly log: LogClient;
  readonly store: SubscriptionStore;
  readonly deliveries: DeliveryStore;
  readonly journal: DeliveryJournal;
  readonly sinks: Sinks;
  readonly lease: Lease;
  readonly settings: Settings;
  readonly logger: Logger;
  readonly metrics: DeliveryMetrics;
}

/** A subscription that is being delivered. */
interface Running {
  readonly record: SubscriptionRecord;
  readonly delivery: SubscriptionDelivery;
  /** Whether there is something to save that a crash must not repeat. */
  isChanged: boolean;
  savedAt: number;
}

/** All subscriptions of one turn, from getting the lease to its end. */
export class Distribution {
  private readonly running = new Map<string, Running>();
  private readonly follower: LogFollower;
  private readonly following: Promise<void>;
  private cleanedAt = 0;

  /** @param end of the log */
  constructor(
    private readonly parts: DistributionParts,
    end: number,
    signal: AbortSignal,
  ) {
    this.follower = new LogFollower(parts.log, parts.logger, end, signal);
    this.following = this.follower.run();
  }

  /** Starts what is new, stops what is gone, and does both with what has changed. */
  async load(): Promise<void> {
    const records = new Map((await this.parts.store.all()).map((record) => [record._id, record]));
    for (const [name, { record }] of this.running) {
      const now = records.get(name);
      if (now !== undefined && isSame(now, record)) records.delete(name);
      else await this.end(name);
    }
    for (const record of records.values()) {
      if (record.state !== 'active') continue;
      // Its position may have been saved by the end of the delivery before.
      const latest = await this.parts.store.find(record._id);
      if (latest !== null) await this.begin(latest);
    }
  }

  /** Saves positions, and tells the log up to where it is not needed any more. */
  async save(): Promise<void> {
    await this.parts.journal.flush();
    await this.pauseFailing();
    const now = Date.now();
    const due = [...this.running.values()].filter(
      ({ isChanged, savedAt }) => isChanged || now - savedAt > IDLE_SAVE_INTERVAL_MS,
    );
    for (const each of due) {
      each.isChanged = false;
      each.savedAt = now;
    }
    await this.parts.store.save(due.map((each) => this.progressOf(each)));
    await this.parts.log.announce(this.lowestPosition()).catch((error: unknown) => {
      this.parts.logger.debug({ err: error }, 'the log does not know how far it was read');
    });
    for (const [name, { delivery }] of this.running) this.parts.metrics.setLag(name, this.lagOf(delivery));
    await this.clean(now);
  }

  /** Ends all deliveries; {@link save} still knows how far they came. */
  async stop(): Promise<void> {
    await Promise.all([...this.running.values()].map(({ delivery }) => delivery.stop()));
    for (const each of this.running.values()) {
      this.follower.updatePosition(each.delivery);
      each.isChanged = true;
    }
    await this.following;
  }

  private async begin(record: SubscriptionRecord): Promise<void> {
    const { _id: name, open, position } = record;
    const { store, log, lease, logger, sinks } = this.parts;
    const spec = JSON.parse(record.spec) as SubscriptionSpec;
    const delivery: SubscriptionDelivery = new SubscriptionDelivery(
      name,
      sinks.of(record, spec),
      policyOf(record, spec),
      {
        report: (report) => {
          this.note(name, report);
        },
        wantsMore: () => {
          this.follower.resume(delivery);
        },
        isBehind: () => {
          this.follower.leave(delivery);
        },
        gone: () => {
          const stateReason = 'the receiver answered 410 Gone';
          store
            .change(name, { state: 'ended', stateReason })
            .then(() => lease.announceChange())
            .catch((error: unknown) => {
              logger.warn({ err: error, subscription: name }, 'a subscription could not be ended');
            });
        },
      },
      position,
    );
    for (const sequence of open) {
      const event = await log.event(sequence);
      if (event !== undefined) delivery.restore(event);
    }
    this.running.set(name, { record, delivery, isChanged: false, savedAt: Date.now() });
    this.follower.add(delivery, spec);
    delivery.pump();
  }

  private async end(name: string): Promise<void> {
    const running = this.running.get(name);
    if (running === undefined) return;
    await running.delivery.stop();
    this.follower.remove(running.delivery);
    this.running.delete(name);
    this.parts.metrics.forget(name);
    await this.parts.journal.flush();
    await this.parts.store.save([this.progressOf(running)]);
  }

  private note(name: string, report: DeliveryReport): void {
    const running = this.running.get(name);
    if (running !== undefined) running.isChanged = true;
    this.parts.metrics.count(name, report.outcome);
    // The control plane's own services get everything; that they did is no news.
    const isNews = running?.record.origin !== 'declared' || report.attemptCount > 1 || report.outcome !== 'delivered';
    if (isNews) this.parts.journal.add(report);
  }

  private progressOf({ record, delivery }: Running): DeliveryProgress {
    this.follower.updatePosition(delivery);
    const { checkpoint, lastError, lastErrorAt, lastSuccessAt, failingSince } = delivery;
    return {
      name: record._id,
      generation: record.generation,
      checkpoint,
      lastSuccessAt,
      lastErrorAt,
      lastError,
      failingSince,
    };
  }

  /** Days of nothing but failures are more than an outage. */
  private async pauseFailing(): Promise<void> {
    const limit = Date.now() - this.parts.settings.PAUSE_AFTER_FAILING_FOR;
    for (const [name, { record, delivery }] of this.running) {
      const { failingSince } = delivery;
      if (record.origin === 'declared' || failingSince === undefined || failingSince.getTime() > limit) continue;
      const stateReason = `every delivery has failed since ${failingSince.toISOString()}: ${delivery.lastError ?? ''}`;
      await this.parts.store.change(name, { state: 'paused', stateReason });
      await this.end(name);
      this.parts.logger.warn({ subscription: name, stateReason }, 'subscription paused');
      await this.tellPaused(name, stateReason);
    }
  }

  private async tellPaused(name: string, reason: string): Promise<void> {
    const event = {
      specversion: '1.0',
      id: `${name}-${Date.now()}`,
      source: 'event-broker',
      type: 'sh.keptn.internal.event.subscription.paused',
      datacontenttype: 'application/json',
      data: { subscription: name, reason },
    };
    await this.parts.log.store(JSON.stringify(event), 'application/cloudevents+json');
  }

  private lowestPosition(): number {
    return Math.min(this.follower.position, ...[...this.running.values()].map(({ delivery }) => doneUpTo(delivery)));
  }

  private lagOf(delivery: SubscriptionDelivery): number {
    this.follower.updatePosition(delivery);
    return Math.max(0, this.follower.position - doneUpTo(delivery));
  }

  private async clean(now: number): Promise<void> {
    if (now - this.cleanedAt < CLEANING_INTERVAL_MS) return;
    this.cleanedAt = now;
    await this.parts.deliveries.removeBefore(new Date(now - this.parts.settings.DELIVERY_HISTORY_MAX_AGE));
  }
}

const doneUpTo = ({ checkpoint: { open, position } }: SubscriptionDelivery): number => (open[0] ?? position + 1) - 1;

const isSame = (one: SubscriptionRecord, other: SubscriptionRecord): boolean =>
  one.state === 'active' &&
  one.generation === other.generation &&
  one.updatedAt.getTime() === other.updatedAt.getTime();

function policyOf({ origin }: SubscriptionRecord, { protocolSettings }: SubscriptionSpec): DeliveryPolicy {
  const { order, concurrency, maxAttempts } = protocolSettings;
  return origin === 'declared'
    ? { order, concurrency, pauses: PAUSES_INSIDE, maxAttempts: undefined }
    : { order, concurrency: order === 'strict' ? 1 : concurrency, pauses: PAUSES_OUTSIDE, maxAttempts };
}
