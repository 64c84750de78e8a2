import { type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type Logger } from 'pino';
import { type Readiness } from '../health/readiness';
import { RepeatedTask } from '../work/repeated-task';
import { EventRefused } from './event-refused';

/** Something that happens at a time unless the log says before that it need not. */
export interface Deadline {
  /** What it is about; a deadline of the same key replaces the one before. */
  readonly key: string;
  /** Computed from times in the log, so that every replica and every start comes to the same. */
  readonly at: Date;
  /** Looks at the log again and does what is due, if it still is. May be called more than once, and by several replicas. */
  readonly act: () => Promise<void>;
}

export interface DeadlinesOptions {
  /**
   * Reads the open deadlines from the log: at the start, and regularly, since a replica that knew of some may be gone for good. Those
   * that are waited for already may be left out, by their keys.
   */
  readonly openDeadlines: (isWaitedFor: (key: string) => boolean) => AsyncIterable<Deadline>;
  /** Milliseconds between two readings. */
  readonly rereadMs: number;
  readonly logger: Logger;
  readonly readiness: Readiness;
}

/** After a failure to read the log or to act; milliseconds, doubled each time. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;

/** Longest time of one timer, in milliseconds; a timer of more than 2^31 ms would fire at once. */
const LONGEST_TIMER_MS = 86_400_000;

interface Pending {
  readonly deadline: Deadline;
  readonly timer: NodeJS.Timeout;
}

/** Waiting times that survive restarts, because they are in the log and only the timers are here. */
export class Deadlines implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly pending = new Map<string, Pending>();
  private readonly acting = new Set<Promise<void>>();
  private readonly reading = new RepeatedTask(() => this.readAgain());
  private pauseAfterFailure = FIRST_PAUSE_MS;
  private wasRead = false;

  constructor(private readonly options: DeadlinesOptions) {
    options.readiness.add('deadlines', () =>
      this.wasRead ? Promise.resolve() : Promise.reject(new Error('waiting to read open deadlines from the event log')),
    );
  }

  /** How many are waited for. */
  get size(): number {
    return this.pending.size;
  }

  onApplicationBootstrap(): void {
    this.reading.start();
  }

  async onModuleDestroy(): Promise<void> {
    const stopped = this.reading.stop();
    for (const { timer } of this.pending.values()) clearTimeout(timer);
    this.pending.clear();
    await Promise.all([stopped, ...this.acting]);
  }

  set(deadline: Deadline): void {
    this.wait(deadline, deadline.at.getTime() - Date.now(), FIRST_PAUSE_MS);
  }

  /** What the deadline waited for has happened. */
  remove(key: string): void {
    clearTimeout(this.pending.get(key)?.timer);
    this.pending.delete(key);
  }

  private wait(deadline: Deadline, milliseconds: number, pauseAfterFailure: number): void {
    if (this.reading.signal.aborted) return;
    this.remove(deadline.key);
    const timer = setTimeout(
      () => {
        this.pending.delete(deadline.key);
        if (milliseconds > LONGEST_TIMER_MS) this.set(deadline);
        else this.begin(deadline, pauseAfterFailure);
      },
      Math.min(Math.max(milliseconds, 0), LONGEST_TIMER_MS),
    );
    this.pending.set(deadline.key, { deadline, timer });
  }

  private begin(deadline: Deadline, pauseAfterFailure: number): void {
    const work = this.act(deadline, pauseAfterFailure).finally(() => this.acting.delete(work));
    this.acting.add(work);
  }

  private async act(deadline: Deadline, pauseAfterFailure: number): Promise<void> {
    try {
      await deadline.act();
    } catch (error) {
      if (error instanceof EventRefused) {
        this.options.logger.warn(
          { err: error, key: deadline.key },
          'a deadline is of events that cannot be understood',
        );
        return;
      }
      const pause = Math.min(pauseAfterFailure, LONGEST_PAUSE_MS);
      this.options.logger.warn(
        { err: error, key: deadline.key, retryInMs: pause },
        'a deadline could not be acted upon',
      );
      this.wait(deadline, pause, pause * 2);
    }
  }

  private async readAgain(): Promise<number> {
    if (await this.read()) {
      this.pauseAfterFailure = FIRST_PAUSE_MS;
      return this.options.rereadMs;
    }
    const pause = this.pauseAfterFailure;
    this.pauseAfterFailure = Math.min(pause * 2, LONGEST_PAUSE_MS);
    return pause;
  }

  private async read(): Promise<boolean> {
    try {
      const isWaitedFor = (key: string): boolean => this.pending.has(key);
      for await (const deadline of this.options.openDeadlines(isWaitedFor)) {
        if (!isWaitedFor(deadline.key)) this.set(deadline);
      }
      this.wasRead = true;
      return true;
    } catch (error) {
      const level = this.wasRead ? 'warn' : 'debug';
      this.options.logger[level]({ err: error }, 'open deadlines could not be read from the event log');
      return false;
    }
  }
}
