import { setTimeout as delay } from 'node:timers/promises';
import { LOGGER, RelayedError, SETTINGS } from '@keptn/service-kit';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type Logger } from 'pino';
import { z } from 'zod';
import { LogClient } from '../log/log-client';
import { type Settings } from '../settings';
import { SubscriptionStore } from '../subscription/subscription.store';
import { ArrivalStore } from './arrival.store';
import { NATS_SUBSCRIPTION } from './nats-subscription';
import { type ReceivedEvent, withOwnId } from './received-event';

/** Pause after a failure of database or log, in milliseconds. */
const RECOVERY_DELAY_MS = 500;

/** Between two removals of arrivals that are done with, in milliseconds. */
const REMOVAL_INTERVAL_MS = 10_000;

/** Arrivals that a crash has left are removed after this time, in milliseconds: long after the log was read up to there. */
const LONGEST_MS = 7 * 86_400_000;

/** What the log answers for each event of a batch. */
const results = z.array(
  z.looseObject({ status: z.int(), sequence: z.int().optional(), message: z.string().optional() }),
);
type Result = z.infer<typeof results>[number];

const CONFLICT = 409;
const SERVER_ERROR = 500;

export type StoreOutcome = 'refused' | 'stored';

/** Events of which it is still known that they came in over NATS. */
interface Stored {
  readonly keys: readonly string[];
  /** Sequence number from which on nobody asks any more. */
  readonly upTo: number;
}

/**
 * Stores events that came in over NATS in the log, and remembers of each that it did until the log was published up to there,
 * so that none goes out again: not after a crash, and not by another replica.
 */
@Injectable()
export class StoredArrivals implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly stored: Stored[] = [];
  private removals: NodeJS.Timeout | undefined;

  constructor(
    private readonly arrivals: ArrivalStore,
    private readonly log: LogClient,
    private readonly subscriptions: SubscriptionStore,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    if (this.settings.NATS_URL === undefined) return;
    this.removals = setInterval(() => {
      this.removeDone().catch((error: unknown) => {
        this.logger.debug({ err: error }, 'arrivals are removed later');
      });
    }, REMOVAL_INTERVAL_MS);
  }

  onModuleDestroy(): void {
    clearInterval(this.removals);
  }

  among(keys: readonly string[]): Promise<ReadonlySet<string>> {
    return this.arrivals.among(keys);
  }

  /**
   * Stores the events, and tries until it succeeds.
   *
   * @param onRemembered called when the database knows that they are arrivals
   * @returns what became of them; undefined when `signal` has ended it before
   */
  async store(
    events: readonly ReceivedEvent[],
    signal: AbortSignal,
    onRemembered: () => void,
  ): Promise<readonly StoreOutcome[] | undefined> {
    const keys = events.map(({ key }) => key);
    for (;;) {
      try {
        await this.arrivals.add(keys);
        onRemembered();
        const stored = await this.intoLog(events);
        this.stored.push({ keys, upTo: Math.max(0, ...stored.map(({ sequence = 0 }) => sequence)) });
        return stored.map(({ status }) => (isStored(status) ? 'stored' : 'refused'));
      } catch (error) {
        this.logger.debug({ err: error }, 'events of NATS are stored later');
        await delay(RECOVERY_DELAY_MS, undefined, { signal }).catch(() => undefined);
        if (signal.aborted) return undefined;
      }
    }
  }

  /** @throws ServiceError when it must be tried again */
  private async intoLog(events: readonly ReceivedEvent[]): Promise<readonly Result[]> {
    const found = await this.storeTogether(events);
    const unavailable = found.find(({ status }) => status >= SERVER_ERROR);
    if (unavailable !== undefined) throw new RelayedError(unavailable.status, unavailable.message ?? 'not stored');
    return Promise.all(
      events.map(async (event, index) => {
        const result = found[index] ?? { status: SERVER_ERROR };
        if (result.status === CONFLICT) return this.storeUnderOwnId(event);
        if (!isStored(result.status)) this.warn(event, result, 'the log refuses an event of NATS');
        return result;
      }),
    );
  }

  /** The event is not the one that has its id, so it must not be lost for it. */
  private async storeUnderOwnId(sent: ReceivedEvent): Promise<Result> {
    const event = withOwnId(sent);
    await this.arrivals.add([event.key]);
    const [result = { status: SERVER_ERROR }] = await this.storeTogether([event]);
    if (result.status >= SERVER_ERROR) throw new RelayedError(result.status, result.message ?? 'not stored');
    this.stored.push({ keys: [event.key], upTo: result.sequence ?? 0 });
    this.warn(sent, result, `another event has this id and source; stored with the id ${event.event.id}`);
    return result;
  }

  /** A batch is refused as a whole where one of its events is too large or cannot be read. */
  private async storeTogether(events: readonly ReceivedEvent[]): Promise<readonly Result[]> {
    try {
      const body = `[${events.map(({ text }) => text).join()}]`;
      return results.parse(await this.log.store(body, 'application/cloudevents-batch+json'));
    } catch (error) {
      if (!(error instanceof RelayedError) || error.status >= SERVER_ERROR) throw error;
      if (events.length === 1) return [{ status: error.status, message: error.message }];
      const middle = Math.ceil(events.length / 2);
      const first = await this.storeTogether(events.slice(0, middle));
      return [...first, ...(await this.storeTogether(events.slice(middle)))];
    }
  }

  private warn({ event }: ReceivedEvent, { status, message: reason }: Result, message: string): void {
    const { id, source, type } = event;
    this.logger.warn({ id, source, type, status, reason }, message);
  }

  private async removeDone(): Promise<void> {
    await this.arrivals.removeBefore(new Date(Date.now() - LONGEST_MS));
    const record = await this.subscriptions.find(NATS_SUBSCRIPTION);
    if (record === null) return;
    const publishedUpTo = (record.open[0] ?? record.position + 1) - 1;
    const done = this.stored.filter(({ upTo }) => upTo <= publishedUpTo);
    await this.arrivals.remove(done.flatMap(({ keys }) => keys));
    for (const each of done) this.stored.splice(this.stored.indexOf(each), 1);
  }
}

const isStored = (status: number): boolean => status < 300;
