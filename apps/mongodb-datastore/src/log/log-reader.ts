import { setTimeout as delay } from 'node:timers/promises';
import { isUnreachable } from '@keptn/mongodb-connection';
import { type Logger } from 'pino';
import { type EventRecord } from './event.schema';
import { type LogCursors } from './log-cursors';
import { type SettledLog } from './settled-log';

/** Read from the log in one step. */
const BATCH = 200;

/** After this many events the position is saved even when more are waiting; a crash repeats at most as many. */
const SAVE_EVERY = 50;

/** Pause after a failure of the database, in milliseconds. */
const RECOVERY_DELAY_MS = 1_000;

export interface LogReaderOptions {
  /** Names the reader's position, for ever. */
  readonly name: string;
  readonly log: SettledLog;
  readonly cursors: LogCursors;
  readonly logger: Logger;
  /** How many events are handled at a time. */
  readonly groupSize: number;
  /** Pause after reaching the end, for a reader that is in no hurry; otherwise new events are read at once. */
  readonly restMs?: number;
  /**
   * Handles some events. Called again for the same events after a crash.
   *
   * @param signal aborts when this reader must stop
   * @returns whether they are done with; false only when stopped before
   */
  readonly handle: (events: readonly EventRecord[], signal: AbortSignal) => Promise<boolean>;
}

/** Thrown to leave the loop when another replica has taken over. */
class LeaseLost extends Error {}

/**
 * Reads the whole log once, in order, and then what is added to it. Of several replicas one reads at a time; its position
 * outlives it.
 */
export class LogReader {
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private position = 0;
  private saved = 0;

  constructor(private readonly options: LogReaderOptions) {}

  start(): void {
    this.running = this.run();
  }

  /** Resolves when the event in hand is done with or given back, and the position is saved. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        await this.readWhileLeased();
      } catch (error) {
        this.explain(error);
        await pause(RECOVERY_DELAY_MS, signal);
      }
    }
  }

  private async readWhileLeased(): Promise<void> {
    const { name, cursors } = this.options;
    const position = await cursors.lease(name);
    if (position === undefined) {
      await pause(cursors.renewalIntervalMs, this.stopping.signal);
      return;
    }
    this.position = position;
    this.saved = position;
    const turn = new AbortController();
    const renewal = this.keepLease(turn);
    const signal = AbortSignal.any([this.stopping.signal, turn.signal]);
    try {
      while (!signal.aborted) await this.readBatch(signal);
    } finally {
      turn.abort();
      await renewal;
      if (this.stopping.signal.aborted) await this.giveBack();
    }
  }

  private async readBatch(signal: AbortSignal): Promise<void> {
    const { log, handle, groupSize, restMs } = this.options;
    const batch = await log.readAfter(this.position, BATCH);
    for (let start = 0; start < batch.events.length && !signal.aborted; start += groupSize) {
      const group = batch.events.slice(start, start + groupSize);
      if (!(await handle(group, signal))) return;
      this.position = group.at(-1)?._id ?? this.position;
      if (this.position - this.saved >= SAVE_EVERY) await this.save();
    }
    if (signal.aborted || batch.hasMore) return;
    this.position = batch.position;
    if (this.position > this.saved) await this.save();
    await (restMs === undefined ? log.waitForMore(batch, signal) : pause(restMs, signal));
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

const pause = async (ms: number, signal: AbortSignal): Promise<void> => {
  await delay(ms, undefined, { signal }).catch(() => undefined);
};
