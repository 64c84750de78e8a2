import { type Ask, askWorker } from './ask-worker';
import { type Connection, type StreamMessage } from './event-stream';
import { type LoggedEvent, toLoggedEvent } from './logged-event';
import { parseJson } from './parse-json';
import { type PagePort, SharedStream } from './shared-stream';
import { connectToWorker } from './stream-worker';
import { BASE_PATH } from './transport';

const STREAM = `${BASE_PATH}api/mongodb-datastore/event/stream`;

/** The events of the log as they are stored, for the parts of this page. */
export class LiveEvents {
  connection: Connection = 'connecting';
  /** The highest sequence number of an event that came since the page has joined; 0 before the first one. */
  position = 0;
  private ask: Ask | undefined;
  private readonly readers = new Set<(event: LoggedEvent) => void>();
  private readonly watchers = new Set<() => void>();
  private readonly gapReaders = new Set<() => void>();
  private readonly refusalReaders = new Set<() => void>();

  /** @returns ends the stream of this page */
  start(): () => void {
    const ask = (this.ask ??= this.connect());
    const ends = new AbortController();
    const on = <Name extends keyof WindowEventMap>(name: Name, act: (event: WindowEventMap[Name]) => void): void => {
      window.addEventListener(name, act, { signal: ends.signal });
    };
    on('online', () => {
      ask('retry');
    });
    on('pagehide', () => {
      ask('leave');
    });
    on('pageshow', ({ persisted }) => {
      // The browser has kept the page, and shows it again.
      if (persisted) this.return(ask);
    });
    this.join(ask);
    return () => {
      ends.abort();
      ask('leave');
    };
  }

  /** For whoever has signed in now. */
  restart(): void {
    this.ask?.('restart');
  }

  /** @returns ends the subscription */
  readonly onEvent = (reader: (event: LoggedEvent) => void): (() => void) => addTo(this.readers, reader);

  /** Told when events may have been missed, so that everything shown has to be read again. */
  readonly onGap = (reader: () => void): (() => void) => addTo(this.gapReaders, reader);

  /** Told when the stream was refused. */
  readonly onRefusal = (reader: () => void): (() => void) => addTo(this.refusalReaders, reader);

  /** Told when {@link connection} changes. */
  readonly onConnection = (watcher: () => void): (() => void) => addTo(this.watchers, watcher);

  private connect(): Ask {
    const worker = connectToWorker(STREAM);
    if (worker === undefined) return this.connectAlone();
    const { port } = worker;
    port.addEventListener('message', ({ data }: MessageEvent<StreamMessage>) => {
      this.take(data);
    });
    port.start();
    return askWorker(worker, () => this.connectAlone());
  }

  /** A page that has a stream of its own. */
  private connectAlone(): Ask {
    const stream = new SharedStream(STREAM);
    const page: PagePort = {
      postMessage: (message) => {
        this.take(message);
      },
    };
    return (request) => {
      stream.answer(page, request);
    };
  }

  /** The log may have been restored since the page was there last. */
  private join(ask: Ask): void {
    this.position = 0;
    ask('join');
  }

  private return(ask: Ask): void {
    this.join(ask);
    this.take({ kind: 'gap' });
  }

  private take(message: StreamMessage): void {
    if (message.kind === 'connection') this.become(message.connection);
    if (message.kind === 'gap') this.passGap(message.position);
    if (message.kind === 'refused') for (const reader of this.refusalReaders) reader();
    if (message.kind !== 'event') return;
    this.position = Math.max(this.position, message.position);
    const event = toLoggedEvent(parseJson(message.data));
    for (const reader of this.readers) reader(event);
  }

  private passGap(position = this.position): void {
    this.position = position;
    for (const reader of this.gapReaders) reader();
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
