import { RecentEvents } from './recent-events';
import { EventStream, type StreamMessage, type StreamRequest } from './event-stream';

/** The side of a `MessagePort` that is needed here. */
export interface PagePort {
  postMessage(message: StreamMessage): void;
}

/** One stream for all pages of a browser, open as long as one of them listens. */
export class SharedStream {
  private readonly pages = new Set<PagePort>();
  private readonly recent = new RecentEvents();
  private readonly stream: EventStream;

  /** @param url of the stream */
  constructor(url: string) {
    this.stream = new EventStream(url, (message) => {
      // What came before a log was restored would lead a page that comes later astray.
      if (message.kind === 'gap') this.recent.clear();
      if (message.kind === 'event') this.recent.add(message);
      for (const page of this.pages) page.postMessage(message);
    });
  }

  answer(page: PagePort, request: StreamRequest): void {
    if (request === 'join') this.join(page);
    if (request === 'leave') this.leave(page);
    if (request === 'retry') this.stream.retry();
    if (request === 'restart' && this.pages.size > 0) {
      this.stop();
      this.stream.start();
    }
  }

  private join(page: PagePort): void {
    const isFirst = this.pages.size === 0;
    this.pages.add(page);
    if (isFirst) this.stream.start();
    page.postMessage({ kind: 'connection', connection: this.stream.connection });
    for (const event of this.recent.all()) page.postMessage(event);
  }

  private leave(page: PagePort): void {
    this.pages.delete(page);
    if (this.pages.size === 0) this.stop();
  }

  /** What comes next may be for somebody else. */
  private stop(): void {
    this.stream.stop();
    this.recent.clear();
  }
}
