import { isUnreachable } from '@keptn/mongodb-connection';
import { LOGGER, pause, RepeatedTask, SETTINGS } from '@keptn/service-kit';
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
  private readonly task = new RepeatedTask((signal) => this.round(signal));

  constructor(
    private readonly expiry: Expiry,
    private readonly cursors: LogCursors,
    @Inject(SETTINGS) private readonly settings: MongodbDatastoreSettings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    const { RETENTION_MAX_AGE: maxAge, RETENTION_MAX_EVENTS_PER_PROJECT: maxEvents } = this.settings;
    if (maxAge !== undefined || maxEvents !== undefined) this.task.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.task.stop();
    await this.cursors.release(LEASE).catch((error: unknown) => {
      this.logger.debug({ err: error }, 'the lease of the retention runs out by itself');
    });
  }

  private async round(signal: AbortSignal): Promise<number> {
    try {
      if ((await this.cursors.lease(LEASE)) !== undefined) await this.removeExpired(signal);
    } catch (error) {
      // That the database is away is said by whoever connects to it.
      this.logger[isUnreachable(error) ? 'debug' : 'warn']({ err: error }, 'removing old events failed, trying again');
    }
    return this.settings.RETENTION_INTERVAL_MS;
  }

  private async removeExpired(signal: AbortSignal): Promise<void> {
    let removed = 0;
    for await (const step of this.expiry.steps(new Date())) {
      removed += step;
      if (signal.aborted || !(await this.cursors.advance(LEASE, 0))) break;
      await pause(PAUSE_MS, signal);
    }
    if (removed > 0) this.logger.info({ events: removed }, 'old events were removed');
  }
}
