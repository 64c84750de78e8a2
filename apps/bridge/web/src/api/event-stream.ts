export type Connection = 'connecting' | 'live' | 'lost';

/** What comes of the stream. */
export type StreamMessage =
  | { readonly kind: 'connection'; readonly connection: Connection }
  /** A stored event as JSON, with its sequence number. */
  | { readonly kind: 'event'; readonly data: string; readonly position: number }
  /** Events may have been missed. The log may even end at an earlier position than before: then this is it. */
  | { readonly kind: 'gap'; readonly position?: number }
  /** The stream was refused, so the session may be over. */
  | { readonly kind: 'refused' };

/** What a page asks of a stream that it shares with others. */
export type StreamRequest = 'join' | 'leave' | 'restart' | 'retry';

/** Pauses before a stream that was refused is asked for again, in milliseconds; then the longest one repeats. */
const PAUSES_MS = [1_000, 3_000, 10_000];
const LONGEST_PAUSE_MS = 30_000;

/** After so many pauses between two signs of life without one, a connection has died: a single one may be late. */
const MISSED_HEARTBEATS = 2.5;

/** No connection is given up sooner, in milliseconds, however short the pauses are: it takes a while to be opened. */
const SHORTEST_SILENCE_MS = 10_000;

/** What a page reads while the stream is opened, and what read models have taken in by then, is older by less, in milliseconds. */
export const RECENT_MS = 10_000;

/**
 * The events of the log as they are stored, and those of the moment before. After a break the stream goes on behind the last event
 * that came; a browser does so by itself as long as it gets an answer, but does not notice a connection that has died without a word.
 */
export class EventStream {
  connection: Connection = 'connecting';
  private source: EventSource | undefined;
  private lastId = '';
  private failures = 0;
  /** How long nothing may come, in milliseconds, as the server says; undefined before it has said so. */
  private longestSilenceMs: number | undefined;
  /** Until the stream is asked for again. */
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** @param url of the stream */
  constructor(
    private readonly url: string,
    private readonly tell: (message: StreamMessage) => void,
  ) {}

  start(): void {
    clearTimeout(this.timer);
    this.source?.close();
    const begin = this.lastId === '' ? `recent=${RECENT_MS}ms` : `lastEventId=${this.lastId}`;
    const source = new EventSource(`${this.url}?${begin}&heartbeat=true`);
    this.source = source;
    this.expectLife();
    source.addEventListener('open', () => {
      const mayHaveMissed = this.lastId === '' && this.connection === 'lost';
      this.failures = 0;
      this.become('live');
      if (mayHaveMissed) this.tell({ kind: 'gap' });
    });
    source.addEventListener('message', ({ data, lastEventId }: MessageEvent<string>) => {
      const position = Number(lastEventId);
      // The log was restored from a backup that is older than what came.
      if (position < Number(this.lastId)) this.tell({ kind: 'gap', position });
      this.lastId = lastEventId;
      this.expectLife();
      this.tell({ kind: 'event', data, position });
    });
    source.addEventListener('heartbeat', ({ data }: MessageEvent<string>) => {
      this.longestSilenceMs = Math.max(SHORTEST_SILENCE_MS, Number(data) * MISSED_HEARTBEATS || 0);
      this.expectLife();
    });
    source.addEventListener('error', () => {
      this.become('lost');
      if (source.readyState !== EventSource.CLOSED) return;
      this.tell({ kind: 'refused' });
      this.startAfter(PAUSES_MS[this.failures++] ?? LONGEST_PAUSE_MS);
    });
  }

  /** The network is back. */
  retry(): void {
    if (this.connection === 'lost') this.start();
  }

  /** What comes next is for somebody else, who has seen nothing yet. */
  stop(): void {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = undefined;
    this.lastId = '';
    this.failures = 0;
    this.connection = 'connecting';
  }

  private expectLife(): void {
    if (this.longestSilenceMs !== undefined) this.startAfter(this.longestSilenceMs);
  }

  private startAfter(pauseMs: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.become('lost');
      this.start();
    }, pauseMs);
  }

  private become(connection: Connection): void {
    if (this.connection === connection) return;
    this.connection = connection;
    this.tell({ kind: 'connection', connection });
  }
}
