import { Injectable } from '@nestjs/common';
import { type EventFilter, matches } from '../log/event-filter';
import { LiveFeed } from '../log/live-feed';

/** Lets a question wait until it has an answer. */
@Injectable()
export class LongPoll {
  constructor(private readonly feed: LiveFeed) {}

  /**
   * Asks until the answer is a hit, each time that an event is stored which matches, at most `waitMs` long.
   *
   * @param filter matches every event that could change the answer
   * @param disconnected aborts when the client no longer waits for the answer
   * @returns the last answer, a hit or not
   */
  async until<Answer>(
    ask: () => Promise<Answer>,
    {
      isHit,
      filter,
      waitMs,
      disconnected,
    }: {
      readonly isHit: (answer: Answer) => boolean;
      readonly filter: EventFilter;
      readonly waitMs: number;
      readonly disconnected: AbortSignal;
    },
  ): Promise<Answer> {
    const first = await ask();
    if (isHit(first) || waitMs === 0 || this.feed.closed.aborted) return first;
    const ending = AbortSignal.any([disconnected, this.feed.closed, AbortSignal.timeout(waitMs)]);
    const use = await this.feed.open();
    const arrivals = new Arrivals(ending);
    try {
      use.listen((event) => {
        if (matches(filter, event)) arrivals.add();
      });
      // Asked again at once: events may have come between the first answer and listening.
      let answer = await ask();
      while (!isHit(answer) && (await arrivals.next())) answer = await ask();
      return answer;
    } finally {
      use.close();
    }
  }
}

/** Remembers that an event has come until it is asked for. */
class Arrivals {
  private hasCome = false;
  private wake: () => void = () => undefined;

  constructor(private readonly ending: AbortSignal) {
    ending.addEventListener(
      'abort',
      () => {
        this.wake();
      },
      { once: true },
    );
  }

  add(): void {
    this.hasCome = true;
    this.wake();
  }

  /** @returns false when nothing came before the end */
  async next(): Promise<boolean> {
    if (!this.hasCome && !this.ending.aborted) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    const hasCome = this.hasCome;
    this.hasCome = false;
    return hasCome;
  }
}
