import { isUnreachable } from '@keptn/mongodb-connection';
import { LOGGER, pause, Readiness, RepeatedTask } from '@keptn/service-kit';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type Logger } from 'pino';
import { Lease } from '../lease/lease';
import { LogClient } from '../log/log-client';
import { DeclaredSubscriptions } from './declared-subscriptions';
import { Distribution } from './distribution';
import { DistributionParts } from './distribution-parts';

/** Between two savings of positions, in milliseconds; a crash repeats at most what was delivered since. */
const SAVE_INTERVAL_MS = 1_000;

/** The same while nothing is delivered, and when that lasts: there may be positions behind what no subscription wanted. */
const REST_MS = 10_000;
const LONG_REST_MS = 60_000;

/** Pause after a failure, in milliseconds. */
const RECOVERY_DELAY_MS = 250;

/** One of them may fail without another replica taking over. */
const RENEWALS_PER_LEASE = 3;

interface HeldLease {
  /** How often subscriptions were changed when it was taken. */
  readonly changes: number;
  /** When it was asked for, by `performance.now()`: it may have begun at that moment. */
  readonly heldAt: number;
}

/** Distributes for as long as this replica holds the lease, and stands by otherwise. */
@Injectable()
export class DistributionService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly task = new RepeatedTask((signal) => this.turn(signal));
  private isEstablished = false;
  /** How often subscriptions were changed when they were loaded last. */
  private loadedChanges = 0;
  /** Nothing was delivered during the last rest. */
  private isQuiet = false;
  private wake: () => void = () => undefined;
  private endRest: () => void = () => undefined;
  private distribution: Distribution | undefined;

  constructor(
    private readonly lease: Lease,
    private readonly log: LogClient,
    private readonly declared: DeclaredSubscriptions,
    private readonly parts: DistributionParts,
    @Inject(LOGGER) private readonly logger: Logger,
    readiness: Readiness,
  ) {
    readiness.add('distribution', () =>
      this.isEstablished ? Promise.resolve() : Promise.reject(new Error('no replica distributes events yet')),
    );
  }

  onApplicationBootstrap(): void {
    this.task.start();
  }

  async onModuleDestroy(): Promise<void> {
    const stopped = this.task.stop();
    this.wake();
    await stopped;
  }

  /** Up to where the log was delivered to a subscription; undefined when this replica does not deliver to it. */
  positionOf(name: string): number | undefined {
    return this.distribution?.positionOf(name);
  }

  private async turn(stopping: AbortSignal): Promise<number> {
    try {
      const askedAt = performance.now();
      const changes = await this.lease.hold();
      if (changes !== undefined) {
        await this.distribute({ changes, heldAt: askedAt }, stopping);
        return 0;
      }
      this.isEstablished = true;
      return this.lease.durationMs / 5;
    } catch (error) {
      // That the database is away is said by whoever connects to it.
      this.logger[isUnreachable(error) ? 'debug' : 'warn'](
        { err: error },
        'events cannot be distributed, trying again',
      );
      return RECOVERY_DELAY_MS;
    }
  }

  private async distribute({ changes, heldAt }: HeldLease, stopping: AbortSignal): Promise<void> {
    const [turn, loss] = [new AbortController(), new AbortController()];
    const signal = AbortSignal.any([turn.signal, loss.signal, stopping]);
    this.loadedChanges = changes;
    const renewal = this.keepLease(heldAt, loss, signal);
    let distribution: Distribution | undefined;
    const forget = this.lease.onChange(() => {
      this.wake();
    });
    try {
      await this.declared.synchronize(signal);
      await this.parts.secrets.sealAgain(this.parts.store, await this.parts.store.all());
      distribution = new Distribution(this.parts, await this.log.position(), signal, () => {
        this.endRest();
      });
      await distribution.load();
      this.distribution = distribution;
      this.isEstablished = true;
      this.logger.info('distributing events');
      await this.keepUp(distribution, loss, signal);
    } finally {
      this.distribution = undefined;
      forget();
      turn.abort();
      await distribution?.stop();
      await renewal;
      if (loss.signal.aborted) this.parts.journal.drop();
      else await this.giveBack(distribution);
    }
  }

  private async keepUp(distribution: Distribution, loss: AbortController, signal: AbortSignal): Promise<void> {
    const isOver = (): boolean => signal.aborted;
    while (!isOver()) {
      const areChanged = await this.untilNextRound(distribution, signal);
      // At rest the lease is renewed and nothing else is written.
      if (!areChanged && !distribution.isRoundDue) continue;
      const changes = await this.lease.hold();
      if (changes === undefined) loss.abort();
      if (changes === undefined || isOver()) return;
      if (changes !== this.loadedChanges) await distribution.load();
      this.loadedChanges = changes;
      await distribution.runRound();
    }
  }

  /**
   * While loading takes long, too. Sees when another replica has changed subscriptions.
   *
   * @param takenAt when the lease was asked for, by `performance.now()`
   * @param loss is aborted when another replica may distribute
   */
  private async keepLease(takenAt: number, loss: AbortController, signal: AbortSignal): Promise<void> {
    const { durationMs } = this.lease;
    let heldAt = takenAt;
    const leftMs = (): number => heldAt + durationMs - performance.now();
    for (;;) {
      await pause(Math.min(durationMs / RENEWALS_PER_LEASE, leftMs()), signal);
      if (signal.aborted) return;
      const askedAt = performance.now();
      const answered = new AbortController();
      try {
        // A database that stalls gives no answer at all.
        const changes = await Promise.race([this.lease.hold(), pause(leftMs(), answered.signal)]);
        if (typeof changes !== 'number') loss.abort();
        else if (changes !== this.loadedChanges) this.wake();
        heldAt = askedAt;
      } catch (error) {
        this.logger.debug({ err: error }, 'the lease could not be renewed, trying again');
      } finally {
        answered.abort();
      }
    }
  }

  /** @returns whether subscriptions were changed */
  private async untilNextRound({ isRoundDue }: Distribution, signal: AbortSignal): Promise<boolean> {
    const over = new AbortController();
    const either = AbortSignal.any([signal, over.signal]);
    const woken = new Promise<boolean>((resolve) => {
      this.wake = () => {
        resolve(true);
      };
    });
    const restEnded = new Promise<boolean>((resolve) => {
      this.endRest = () => {
        resolve(false);
      };
    });
    try {
      if (!isRoundDue) {
        const rest = pause(this.isQuiet ? LONG_REST_MS : REST_MS, either).then(() => true);
        this.isQuiet = await Promise.race([rest, restEnded, woken.then(() => false)]);
      }
      return await Promise.race([pause(SAVE_INTERVAL_MS, either).then(() => false), woken]);
    } finally {
      over.abort();
    }
  }

  private async giveBack(distribution: Distribution | undefined): Promise<void> {
    try {
      await distribution?.runRound();
      await this.lease.release();
    } catch (error) {
      this.logger.warn({ err: error }, 'positions could not be saved; some events will be delivered again');
    }
  }
}
