import { isUnreachable } from '@keptn/mongodb-connection';
import { pause, RepeatedTask } from '@keptn/service-kit';
import { type Logger } from 'pino';
import { type EventRecord } from './event.schema';
import { type LogCursors } from './log-cursors';
import { type StableLog } from './stable-log';

/** Read from the log in one step. */
const BATCH = 200;

/** Least time between two savings of the position while reading, in milliseconds; a crash repeats at most what came since. */
const SAVE_INTERVAL_MS = 1_000;

/** Pause after a failure of the database, in milliseconds. */
const RECOVERY_DELAY_MS = 1_000;

export interface LogReaderOptions {
  /** Names the reader's position, for ever. */
  readonly name: string;
  readonly log: StableLog;
  readonly cursors: LogCursors;
  readonly logger: Logger;
  /**
   * Least time from one look at the end of the log to the next, in milliseconds. An event that comes alone is handled at once;
   * of many, those that come meanwhile are handled together.
   */
  readonly intervalMs: number;
  /**
   * Handles some events. Called again for the same events after a crash.
   *
   * @param signal aborts when this reader must stop
   * @returns how many of them, from the first on, are done with; not all only when stopped before
   */
  readonly handle: (events: readonly EventRecord[], signal: AbortSignal) => Promise<number>;
}

/** Thrown to leave the loop when another replica has taken over. */
class LeaseLost extends Error {}

/**
 * Reads the whole log once, in order, and then what is added to it. Of several replicas one reads at a time; its position
 * outlives it.
 */
export class LogReader {
  private readonly task = new RepeatedTask((signal) => this.turn(signal));
  private position = 0;
  private saved = 0;
  private savedAt = 0;

  constructor(private readonly options: LogReaderOptions) {}

  start(): void {
    this.task.start();
  }

  /** Resolves when the event in hand is done with or given back, and the position is saved. */
  stop(): Promise<void> {
    return this.task.stop();
  }

  private async turn(stopping: AbortSignal): Promise<number> {
    const { name, cursors } = this.options;
    try {
      const position = await cursors.lease(name);
      if (position === undefined) return cursors.renewalIntervalMs;
      await this.readWhileLeased(position, stopping);
      return 0;
    } catch (error) {
      this.explain(error);
      return RECOVERY_DELAY_MS;
    }
  }

  private async readWhileLeased(position: number, stopping: AbortSignal): Promise<void> {
    this.position = position;
    this.saved = position;
    const turn = new AbortController();
    const renewal = this.keepLease(turn);
    const signal = AbortSignal.any([stopping, turn.signal]);
    try {
      while (!signal.aborted) await this.readBatch(signal);
    } finally {
      turn.abort();
      await renewal;
      if (stopping.aborted) await this.giveBack();
    }
  }

  private async readBatch(signal: AbortSignal): Promise<void> {
    const { log, handle, intervalMs } = this.options;
    const startedAt = performance.now();
    const batch = await log.readAfter(this.position, BATCH);
    const done = batch.events.length === 0 ? 0 : await handle(batch.events, signal);
    this.position = done === batch.events.length ? batch.position : (batch.events[done - 1]?._id ?? this.position);
    if (this.position > this.saved && performance.now() - this.savedAt >= SAVE_INTERVAL_MS) await this.save();
    if (signal.aborted || batch.hasMore) return;
    await log.waitForMore(batch, signal);
    await pause(startedAt + intervalMs - performance.now(), signal);
  }

  /** Renews the lease while an event takes long; ends the turn when the lease is lost. */
  private async keepLease(turn: AbortController): Promise<void> {
    const { name, cursors, logger } = this.options;
    const isOver = (): boolean => turn.signal.aborted;
    while (!isOver()) {
      await pause(cursors.renewalIntervalMs, turn.signal);
      try {
        if (!isOver() && !(await cursors.advance(name, this.position))) turn.abort();
      } catch (error) {
        logger.warn({ err: error, reader: name }, 'the lease could not be renewed');
      }
    }
  }

  private async save(): Promise<void> {
    const { name, cursors } = this.options;
    const position = this.position;
    if (!(await cursors.advance(name, position))) throw new LeaseLost();
    this.saved = position;
    this.savedAt = performance.now();
  }

  private async giveBack(): Promise<void> {
    const { name, cursors, logger } = this.options;
    try {
      await cursors.advance(name, this.position);
      await cursors.release(name);
    } catch (error) {
      logger.warn({ err: error, reader: name }, 'the position could not be saved; some events will be handled again');
    }
  }

  private explain(error: unknown): void {
    const { name, logger } = this.options;
    if (error instanceof LeaseLost) logger.info({ reader: name }, 'another replica reads on');
    // That the database is away is said by whoever connects to it.
    else if (isUnreachable(error)) logger.debug({ reader: name }, 'the log cannot be read at the moment');
    else logger.warn({ err: error, reader: name }, 'reading the log failed, trying again');
  }
}
