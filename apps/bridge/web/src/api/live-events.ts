import { BASE_PATH } from './transport';
import { type LoggedEvent, toLoggedEvent } from './logged-event';

export type Connection = 'connecting' | 'live' | 'lost';

/** Pauses before a stream that was refused is asked for again, in milliseconds; the last one repeats. */
const PAUSES_MS = [1_000, 3_000, 10_000, 30_000];

/**
 * The events of the log as they are stored. After a break the stream goes on behind the last event that came; a browser does so by
 * itself as long as it gets an answer.
 */
export class LiveEvents {
  connection: Connection = 'connecting';
  /** Sequence number of the last event that came; 0 before the first one. */
  position = 0;
  private source: EventSource | undefined;
  private lastId = '';
  private failures = 0;
  private timer: number | undefined;
  private readonly readers = new Set<(event: LoggedEvent) => void>();
  private readonly watchers = new Set<() => void>();
  private readonly gapReaders = new Set<() => void>();

  /** @returns ends the stream */
  start(): () => void {
    this.open();
    const again = (): void => {
      if (this.connection === 'lost') this.open();
    };
    window.addEventListener('online', again);
    return () => {
      window.removeEventListener('online', again);
      window.clearTimeout(this.timer);
      this.source?.close();
    };
  }

  /** @returns ends the subscription */
  readonly onEvent = (reader: (event: LoggedEvent) => void): (() => void) => addTo(this.readers, reader);

  /** Told when events may have been missed, so that everything shown has to be read again. */
  readonly onGap = (reader: () => void): (() => void) => addTo(this.gapReaders, reader);

  /** Told when {@link connection} changes. */
  readonly onConnection = (watcher: () => void): (() => void) => addTo(this.watchers, watcher);

  private open(): void {
    window.clearTimeout(this.timer);
    this.source?.close();
    const resumed = this.lastId === '' ? '' : `?lastEventId=${this.lastId}`;
    const source = new EventSource(`${BASE_PATH}api/mongodb-datastore/event/stream${resumed}`);
    this.source = source;
    source.addEventListener('open', () => {
      const mayHaveMissed = this.lastId === '' && this.connection === 'lost';
      this.failures = 0;
      this.become('live');
      if (mayHaveMissed) for (const reader of this.gapReaders) reader();
    });
    source.addEventListener('message', ({ data, lastEventId }: MessageEvent<string>) => {
      this.lastId = lastEventId;
      this.position = Number(lastEventId);
      const event = toLoggedEvent(JSON.parse(data));
      for (const reader of this.readers) reader(event);
    });
    source.addEventListener('error', () => {
      this.become('lost');
      if (source.readyState === EventSource.CLOSED) this.openLater();
    });
  }

  private openLater(): void {
    const pause = PAUSES_MS[Math.min(this.failures, PAUSES_MS.length - 1)];
    this.failures++;
    this.timer = window.setTimeout(() => {
      this.open();
    }, pause);
  }

  private become(connection: Connection): void {
    if (this.connection === connection) return;
    this.connection = connection;
    for (const watcher of this.watchers) watcher();
  }
}

const addTo = <Item>(set: Set<Item>, item: Item): (() => void) => {
  set.add(item);
  return () => {
    set.delete(item);
  };
};
