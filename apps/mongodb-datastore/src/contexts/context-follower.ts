import { LOGGER } from '@keptn/service-kit';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type Logger } from 'pino';
import { LogCursors } from '../log/log-cursors';
import { LogReader } from '../log/log-reader';
import { StableLog } from '../log/stable-log';
import { ContextStore } from './context-store';

/** Names its position in the log. */
export const CONTEXTS_READER = 'contexts';

/** Nobody waits for it: it mends only what a crash left. */
const INTERVAL_MS = 2_000;

/** Looks at every event once more, so that the record of its context is right even when its writer died on the way. */
@Injectable()
export class ContextFollower implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly reader: LogReader;

  constructor(log: StableLog, cursors: LogCursors, contexts: ContextStore, @Inject(LOGGER) logger: Logger) {
    this.reader = new LogReader({
      name: CONTEXTS_READER,
      log,
      cursors,
      logger,
      intervalMs: INTERVAL_MS,
      handle: async (events) => {
        await contexts.verify(events);
        return events.length;
      },
    });
  }

  onApplicationBootstrap(): void {
    this.reader.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.reader.stop();
  }
}
