import { LOGGER, SETTINGS } from '@keptn/service-kit';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type Logger } from 'pino';
import { LogCursors } from '../log/log-cursors';
import { LogReader } from '../log/log-reader';
import { SettledLog } from '../log/settled-log';
import { type MongodbDatastoreSettings } from '../settings';
import { Subscriber } from './subscriber';

/** Delays an event by no more than people notice, and under load spares a request for each. */
const INTERVAL_MS = 250;

/** Names the position in the log of the subscriber at this URL. */
export const readerOf = (url: string): string => `subscriber ${url}`;

/**
 * Hands every stored event to each of EVENT_SUBSCRIBERS, in the order of the log and at least once. Each has a reader of its
 * own, so one that is down holds up no other; a new one starts at the beginning of the log.
 */
@Injectable()
export class DeliveryService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly subscribers: readonly Subscriber[];
  private readonly readers: readonly LogReader[];

  constructor(
    log: SettledLog,
    cursors: LogCursors,
    @Inject(LOGGER) logger: Logger,
    @Inject(SETTINGS) settings: MongodbDatastoreSettings,
  ) {
    const { EVENT_SUBSCRIBERS: urls, KEPTN_API_TOKEN: token } = settings;
    const receivers = urls.map((url) => ({ url, subscriber: new Subscriber({ url, token, logger }) }));
    this.subscribers = receivers.map(({ subscriber }) => subscriber);
    this.readers = receivers.map(
      ({ url, subscriber }) =>
        new LogReader({
          name: readerOf(url),
          log,
          cursors,
          logger,
          intervalMs: INTERVAL_MS,
          handle: (events, signal) => subscriber.deliver(events, signal),
        }),
    );
  }

  onApplicationBootstrap(): void {
    for (const reader of this.readers) reader.start();
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.readers.map((reader) => reader.stop()));
    await Promise.all(this.subscribers.map((subscriber) => subscriber.close()));
  }
}
