import { type DeliveryReport } from '../delivery/delivery.store';
import { type SubscriptionRecord } from '../subscription/subscription.schema';
import { doneUpTo } from '../subscription/checkpoint';
import { type DeliveryProgress } from '../subscription/subscription.store';
import { type DistributionParts } from './distribution-parts';
import { LogFollower } from './log-follower';
import { type ReplayDelivery } from './replay-delivery';
import { type StartedSubscription, startSubscription } from './start-subscription';
import { type SubscriptionDelivery } from './subscription-delivery';

/** Between two savings of a position up to which nothing was delivered, in milliseconds; a crash only reads that part again. */
const IDLE_SAVE_INTERVAL_MS = 10_000;

/** Between two removals of deliveries that are no longer kept, in milliseconds. */
const CLEANING_INTERVAL_MS = 600_000;

/** A subscription that is being delivered. */
interface Running extends StartedSubscription {
  readonly record: SubscriptionRecord;
  replay: ReplayDelivery | undefined;
  /** Whether there is something to save that a crash must not repeat. */
  isChanged: boolean;
  savedAt: number;
  savedPosition: number;
}

/** All subscriptions of one turn, from getting the lease to its end. */
export class Distribution {
  private readonly running = new Map<string, Running>();
  private readonly follower: LogFollower;
  private readonly following: Promise<void>;
  private cleanedAt = 0;
  /** Up to where the log was told that it is not needed. */
  private announced = -1;
  /** Otherwise subscriptions are missing, and what they have not got yet. */
  private isLoaded = false;

  /**
   * @param end of the log
   * @param signal ends all deliveries at once, whatever is waited for meanwhile
   * @param onChange is called when there is something to save
   */
  constructor(
    private readonly parts: DistributionParts,
    end: number,
    private readonly signal: AbortSignal,
    private readonly onChange: () => void,
  ) {
    this.follower = new LogFollower(parts.log, parts.logger, end, signal, (deletion) => {
      for (const { delivery, replay } of this.running.values()) {
        delivery.endProject(deletion);
        replay?.delivery.endProject(deletion);
      }
    });
    this.following = this.follower.run();
    signal.addEventListener('abort', () => void this.endDeliveries(), { once: true });
  }

  /** Starts what is new, stops what is gone, and does both with what has changed. */
  async load(): Promise<void> {
    this.isLoaded = false;
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
    this.isLoaded = true;
  }

  /** Whether {@link runRound} has something to do. */
  get isRoundDue(): boolean {
    const now = Date.now();
    const isCleaningDue = now - this.cleanedAt >= CLEANING_INTERVAL_MS;
    if (isCleaningDue || this.lowestPosition() !== this.announced) return true;
    return [...this.running.values()].some((each) => this.isDue(each, now));
  }

  /** What is done about once a second: saves what was delivered, and does what depends on how far deliveries have come. */
  async runRound(): Promise<void> {
    await this.pauseFailing();
    const now = Date.now();
    const due = [...this.running.values()].filter((each) => this.isDue(each, now));
    for (const each of due) {
      each.isChanged = false;
      each.savedAt = now;
      each.savedPosition = each.delivery.position;
    }
    await this.saveProgress(due);
    await this.announce();
    for (const [name, { delivery }] of this.running) this.parts.metrics.setLag(name, this.lagOf(delivery));
    await this.clean(now);
  }

  /** Up to where the log was delivered to a subscription; undefined when it is not delivered at the moment. */
  positionOf(name: string): number | undefined {
    const delivery = this.running.get(name)?.delivery;
    if (delivery === undefined) return undefined;
    this.follower.updatePosition(delivery);
    return doneUpTo(delivery.checkpoint);
  }

  /** Resolves when all deliveries have ended; {@link runRound} still knows how far they came. */
  async stop(): Promise<void> {
    await this.endDeliveries();
    for (const each of this.running.values()) {
      this.follower.updatePosition(each.delivery);
      each.isChanged = true;
    }
    await this.following;
  }

  private async endDeliveries(): Promise<void> {
    await Promise.all(
      [...this.running.values()].map(({ delivery, replay }) => Promise.all([delivery.stop(), replay?.stop()])),
    );
  }

  private async begin(record: SubscriptionRecord): Promise<void> {
    const { _id: name } = record;
    const { store, lease, logger } = this.parts;
    const started = await startSubscription(this.parts, record, {
      onAttempt: (report) => {
        this.note(name, report);
      },
      onRoom: (delivery) => {
        this.follower.resume(delivery);
      },
      onGiveBack: (delivery) => {
        this.follower.leave(delivery);
      },
      onGone: () => {
        store
          .change(name, { state: 'ended', stateReason: 'the receiver answered 410 Gone' })
          .then(() => lease.announceChange())
          .catch((error: unknown) => {
            logger.warn({ err: error, subscription: name }, 'a subscription could not be ended');
          });
      },
    });
    if (started === undefined) return;
    const running = { ...started, record, isChanged: false, savedAt: Date.now(), savedPosition: record.position };
    const { delivery, replay } = running;
    this.running.set(name, running);
    this.follower.add(delivery, started.spec);
    if (this.signal.aborted) return;
    delivery.pump();
    replay?.start(() => {
      this.change(running);
    });
  }

  private async end(name: string): Promise<void> {
    const running = this.running.get(name);
    if (running === undefined) return;
    await Promise.all([running.delivery.stop(), running.replay?.stop()]);
    this.follower.remove(running.delivery);
    this.running.delete(name);
    this.parts.metrics.forget(name);
    await this.saveProgress([running]);
  }

  private note(name: string, report: DeliveryReport): void {
    const running = this.running.get(name);
    if (running !== undefined) this.change(running);
    const { journal, metrics } = this.parts;
    metrics.count(name, report.outcome);
    // The control plane's own services get everything; that they did is no news, unless it is listed that they did not.
    const isNews = running?.record.origin !== 'declared' || report.attemptCount > 1 || report.outcome !== 'delivered';
    const wasListed = running?.listedAsRetrying.delete(report.event.sequence) === true || journal.has(report);
    if (isNews || wasListed) journal.add(report);
  }

  private change(running: Running): void {
    running.isChanged = true;
    this.onChange();
  }

  /**
   * Saves what was delivered and, before, what became of it: what is past a position is never written any more. What is delivered
   * meanwhile is left to the next round.
   */
  private async saveProgress(all: readonly Running[]): Promise<void> {
    const progress = all.map((each) => this.progressOf(each));
    const replays = all.flatMap((running) => {
      const { record, replay } = running;
      return replay === undefined
        ? []
        : [{ name: record._id, replay: replay.progress, isDone: replay.isDone, running }];
    });
    const isWritten = await this.parts.journal.flush();
    if (!isWritten) {
      for (const running of all) running.isChanged = true;
      return;
    }
    await this.parts.store.save(progress);
    await this.parts.store.saveReplays(replays);
    for (const { isDone, running } of replays) {
      if (!isDone) continue;
      await running.replay?.stop();
      running.replay = undefined;
    }
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

  private isDue({ delivery, isChanged, replay, savedAt, savedPosition }: Running, now: number): boolean {
    if (isChanged) return true;
    if (now - savedAt <= IDLE_SAVE_INTERVAL_MS) return false;
    this.follower.updatePosition(delivery);
    return replay !== undefined || delivery.position !== savedPosition;
  }

  private async announce(): Promise<void> {
    const position = this.lowestPosition();
    if (!this.isLoaded || position === this.announced) return;
    try {
      await this.parts.log.announce(position);
      this.announced = position;
    } catch (error) {
      this.parts.logger.debug({ err: error }, 'the log does not know how far it was read');
    }
  }

  private lowestPosition(): number {
    const deliveries = [...this.running.values()].flatMap(({ delivery, replay }) =>
      replay === undefined ? [delivery] : [delivery, replay.delivery],
    );
    return Math.min(this.follower.position, ...deliveries.map(({ checkpoint }) => doneUpTo(checkpoint)));
  }

  private lagOf(delivery: SubscriptionDelivery): number {
    this.follower.updatePosition(delivery);
    return Math.max(0, this.follower.position - doneUpTo(delivery.checkpoint));
  }

  private async clean(now: number): Promise<void> {
    if (now - this.cleanedAt < CLEANING_INTERVAL_MS) return;
    const oldest = new Date(now - this.parts.settings.DELIVERY_HISTORY_MAX_AGE);
    // While the log is away there is no hurry.
    const position = await this.parts.log.position(oldest.toISOString()).catch(() => undefined);
    if (position === undefined) return;
    this.cleanedAt = now;
    await this.parts.deliveries.removeBefore(oldest, position + 1);
  }
}

const isSame = (one: SubscriptionRecord, other: SubscriptionRecord): boolean =>
  one.state === 'active' &&
  one.generation === other.generation &&
  one.updatedAt.getTime() === other.updatedAt.getTime();
