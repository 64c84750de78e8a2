import { setTimeout as delay } from 'node:timers/promises';
import { isUnreachable } from '@keptn/mongodb-connection';
import { LOGGER, SETTINGS } from '@keptn/service-kit';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type Logger } from 'pino';
import { LogCursors } from '../log/log-cursors';
import { type MongodbDatastoreSettings } from '../settings';
import { Expiry } from './expiry';

/** Names the lease that the replica holds which removes old events. */
const LEASE = 'retention';

/** Between two steps, so that removing never takes the database away from those who wait for an answer, in milliseconds. */
const PAUSE_MS = 50;

/**
 * Removes events that are too old or too many, where the settings say so: now and then, in small steps, by one replica at a
 * time. A step that is repeated, because its replica died or lost its lease, removes nothing else.
 */
@Injectable()
export class RetentionService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly expiry: Expiry,
    private readonly cursors: LogCursors,
    @Inject(SETTINGS) private readonly settings: MongodbDatastoreSettings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    const { RETENTION_MAX_AGE: maxAge, RETENTION_MAX_EVENTS_PER_PROJECT: maxEvents } = this.settings;
    if (maxAge !== undefined || maxEvents !== undefined) this.running = this.run();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await this.round();
      await delay(this.settings.RETENTION_INTERVAL_MS, undefined, { signal }).catch(() => undefined);
    }
    await this.cursors.release(LEASE).catch((error: unknown) => {
      this.logger.debug({ err: error }, 'the lease of the retention runs out by itself');
    });
  }

  private async round(): Promise<void> {
    try {
      if ((await this.cursors.lease(LEASE)) === undefined) return;
      let removed = 0;
      for await (const step of this.expiry.steps(new Date())) {
        removed += step;
        if (this.stopping.signal.aborted || !(await this.cursors.advance(LEASE, 0))) break;
        await delay(PAUSE_MS, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      }
      if (removed > 0) this.logger.info({ events: removed }, 'old events were removed');
    } catch (error) {
      // That the database is away is said by whoever connects to it.
      this.logger[isUnreachable(error) ? 'debug' : 'warn']({ err: error }, 'removing old events failed, trying again');
    }
  }
}
