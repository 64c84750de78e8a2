import { LOGGER, ServiceUnavailable, SETTINGS } from '@keptn/service-kit';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { type FastifyReply } from 'fastify';
import { type Logger } from 'pino';
import { type EventFilter, matches } from '../../log/event-filter';
import { EventStore } from '../../log/event-store';
import { type FeedUse, LiveFeed } from '../../log/live-feed';
import { type MongodbDatastoreSettings } from '../../settings';
import { MessageStream } from './message-stream';

export interface StreamRequest {
  readonly filter: EventFilter;
  /** Sequence number behind which the stream begins; at the end of the log when absent. */
  readonly resumeBehind: number | undefined;
  /** How long before the end of the log the stream begins instead, in milliseconds. */
  readonly recentMs: number | undefined;
  /** Whether the client wants to see signs of life. */
  readonly heartbeat: boolean;
  readonly reply: FastifyReply;
}

type Span = Omit<StreamRequest, 'heartbeat' | 'reply'>;

/** For proxies and programs; every client ignores it. */
const COMMENT = ': keep-alive\n\n';

/** For scripts of a browser, which see no comments. It has no id, so a client goes on behind the same event as without it. */
const heartbeatEvery = (milliseconds: number): string => `event: heartbeat\ndata: ${milliseconds}\n\n`;

/** Sequence numbers that are searched in one step of catching up. */
const CATCH_UP_RANGE = 1_000;

/** Sequence numbers that count as recent at most. */
const RECENT_RANGE = 500;

/** Serves event streams. */
@Injectable()
export class EventStreamService implements OnModuleInit, OnModuleDestroy {
  private readonly streams = new Set<MessageStream>();
  private heartbeat: NodeJS.Timeout | undefined;

  constructor(
    private readonly feed: LiveFeed,
    private readonly store: EventStore,
    @Inject(SETTINGS) private readonly settings: MongodbDatastoreSettings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    // One timer for all streams: it also finds out which clients have vanished without a word.
    this.heartbeat = setInterval(() => {
      for (const stream of this.streams) stream.beat();
    }, this.settings.STREAM_HEARTBEAT_MS);
  }

  onModuleDestroy(): void {
    clearInterval(this.heartbeat);
    for (const stream of this.streams) stream.end();
  }

  /**
   * Answers with a stream, and resolves when it has begun.
   *
   * @throws ServiceUnavailable while the service stops
   */
  async serve({ reply, heartbeat, ...span }: StreamRequest): Promise<void> {
    if (this.feed.closed.aborted) throw new ServiceUnavailable('the service is stopping; connect again in a moment');
    const use = await this.feed.open();
    if (reply.raw.destroyed) {
      // The client has left meanwhile, which nobody is told again.
      use.close();
      reply.hijack();
      return;
    }
    const stream = new MessageStream(reply, heartbeat ? heartbeatEvery(this.settings.STREAM_HEARTBEAT_MS) : COMMENT);
    // So that the client knows from the start how long to wait for the next one.
    if (heartbeat) stream.beat();
    this.streams.add(stream);
    void stream.closed.then(() => {
      this.streams.delete(stream);
      use.close();
    });
    void this.run(stream, use, span);
  }

  private async run(stream: MessageStream, use: FeedUse, span: Span): Promise<void> {
    const { filter } = span;
    try {
      const begin = await this.beginOf(span, use);
      const seen = await this.catchUp(stream, use, { filter, seen: begin ?? use.position });
      const isNews = (sequence: number): boolean => sequence > seen && (begin !== undefined || !use.wasThere(sequence));
      // Nothing is awaited in between, so no event can slip through: see FeedUse.position.
      use.listen((event) => {
        if (isNews(event._id) && matches(filter, event)) stream.send(event._id, event.event);
      });
    } catch (error) {
      this.logger.warn({ err: error }, 'an event stream was ended because the log could not be read');
      stream.end();
    }
  }

  /** @returns the number behind which everything is sent; undefined where the stream begins with what is stored from now on */
  private async beginOf({ resumeBehind, recentMs }: Span, { position }: FeedUse): Promise<number | undefined> {
    // A log that was restored from a backup may end before the event that the client has seen last.
    if (resumeBehind !== undefined) return Math.min(resumeBehind, await this.store.highestSequence());
    if (recentMs === undefined) return undefined;
    const after = position - RECENT_RANGE;
    const first = await this.store.firstArrivalSince(new Date(Date.now() - recentMs), after);
    return first === undefined ? undefined : Math.min(first - 1, position);
  }

  /** Sends what was stored before the live feed takes over. */
  private async catchUp(
    stream: MessageStream,
    use: FeedUse,
    { filter, seen }: { filter: EventFilter; seen: number },
  ): Promise<number> {
    let position = seen;
    while (position < use.position && !stream.isEnded) {
      const upTo = Math.min(position + CATCH_UP_RANGE, use.position);
      const { items, next } = await this.store.matchingBetween(filter, position, upTo);
      for (const event of items) {
        stream.send(event._id, event.event);
        await stream.writable();
      }
      position = next === undefined ? upTo : (items.at(-1)?._id ?? upTo);
    }
    return position;
  }
}
