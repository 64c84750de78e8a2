import { LOGGER, pause } from '@keptn/service-kit';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { type Logger } from 'pino';
import { type EventRecord } from './event.schema';
import { StableLog } from './stable-log';

export type FeedListener = (event: EventRecord) => void;

/** Read from the log in one step. */
const BATCH = 500;

/** Pause after a failure of the database, in milliseconds. */
const RECOVERY_DELAY_MS = 1_000;

/**
 * What is stored from now on, in order, read once for all who listen. It reads only while somebody does: `open` it, then
 * `listen`.
 */
@Injectable()
export class LiveFeed implements OnModuleDestroy {
  private readonly listeners = new Set<FeedListener>();
  private readonly closing = new AbortController();
  private users = 0;
  private turn: Promise<Turn> | undefined;

  constructor(
    private readonly log: StableLog,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Aborts when the service stops; whoever waits for events must stop waiting then. */
  get closed(): AbortSignal {
    return this.closing.signal;
  }

  /** Keeps the feed reading until the returned use of it is closed. */
  async open(): Promise<FeedUse> {
    this.users++;
    this.turn ??= this.begin();
    const opened = this.turn;
    const close = (): void => {
      if (--this.users > 0) return;
      this.turn = undefined;
      void opened.then(
        (turn) => {
          turn.stopping.abort();
        },
        () => undefined,
      );
    };
    try {
      return new FeedUse(await opened, this.listeners, close);
    } catch (error) {
      if (this.turn === opened) this.turn = undefined;
      this.users--;
      throw error;
    }
  }

  onModuleDestroy(): void {
    this.closing.abort();
  }

  private async begin(): Promise<Turn> {
    const { position, alreadyThere } = await this.log.end();
    const turn: Turn = { position, alreadyThere, stopping: new AbortController() };
    void this.read(turn);
    return turn;
  }

  private async read(turn: Turn): Promise<void> {
    const signal = AbortSignal.any([turn.stopping.signal, this.closing.signal]);
    const isOver = (): boolean => signal.aborted;
    while (!isOver()) {
      try {
        const batch = await this.log.readAfter(turn.position, BATCH);
        if (isOver()) return;
        for (const event of batch.events) this.publish(event, turn);
        turn.position = batch.position;
        if (!batch.hasMore) await this.log.waitForMore(batch, signal);
      } catch (error) {
        this.logger.warn({ err: error }, 'reading new events failed, trying again');
        await pause(RECOVERY_DELAY_MS, signal);
      }
    }
  }

  private publish(event: EventRecord, turn: Turn): void {
    turn.position = event._id;
    for (const listener of this.listeners) listener(event);
  }
}

/** From one start of the feed to its end. */
interface Turn {
  /** Everything up to here was published, or was there before the feed began. */
  position: number;
  /** What was there behind the position when the feed began; it is published as well, since some come back to before it. */
  readonly alreadyThere: ReadonlySet<number>;
  readonly stopping: AbortController;
}

/** The feed, as long as somebody needs it. */
export class FeedUse {
  private readonly mine = new Set<FeedListener>();

  constructor(
    private readonly turn: Pick<Turn, 'alreadyThere' | 'position'>,
    private readonly listeners: Set<FeedListener>,
    private readonly release: () => void,
  ) {}

  /** Whoever starts to listen now is told of everything behind this number, and of nothing before. */
  get position(): number {
    return this.turn.position;
  }

  /** Whether the event was there before the feed began, although listeners are told of it. */
  wasThere(sequence: number): boolean {
    return this.turn.alreadyThere.has(sequence);
  }

  listen(listener: FeedListener): void {
    this.mine.add(listener);
    this.listeners.add(listener);
  }

  /** Ends the listening; to be called once. */
  close(): void {
    for (const listener of this.mine) this.listeners.delete(listener);
    this.release();
  }
}
