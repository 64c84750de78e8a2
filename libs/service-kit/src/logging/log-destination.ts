import { writeSync } from 'node:fs';
import { type DestinationStream } from 'pino';

/** How long the process waits for a reader that takes nothing at the moment, in milliseconds. */
const BUSY_PAUSE_MS = 10;
const BUSY_PAUSES = 10;

/** Lines that are many and not urgent are written together. */
export interface Batching {
  /** Written at once when there are so many characters. */
  readonly length: number;
  /** How long a line may wait for others, in milliseconds. */
  readonly delayMs: number;
}

/**
 * Where log lines go: a file descriptor. A line that cannot be written (the disk is full or read-only, the quota is used up,
 * the reader is gone) is dropped and counted, and never an error of the service; the first line that can be written again
 * is preceded by one that gives their number.
 */
export class LogDestination implements DestinationStream {
  private pending = '';
  private dropped = 0;
  private reason = '';
  private isInLine = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly fd: number,
    private readonly batching: Batching = { length: 0, delayMs: 0 },
  ) {
    if (batching.length === 0) return;
    process.on('exit', () => {
      this.flush();
    });
  }

  write(line: string): void {
    this.pending += line;
    if (this.pending.length >= this.batching.length) {
      this.flush();
      return;
    }
    this.timer ??= setTimeout(() => {
      this.flush();
    }, this.batching.delayMs).unref();
  }

  /** Writes the lines that wait. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.pending === '') return;
    const lines = Buffer.from(this.pending);
    const bytes = Buffer.concat([Buffer.from((this.isInLine ? '\n' : '') + this.report()), lines]);
    this.pending = '';
    let written = 0;
    try {
      while (written < bytes.length) written += this.writeOrWait(bytes.subarray(written));
      this.dropped = 0;
    } catch (error) {
      this.dropped += linesIn(lines.subarray(Math.max(0, written - (bytes.length - lines.length))));
      this.reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    }
    if (written > 0) this.isInLine = bytes[written - 1] !== LINE_FEED;
  }

  private writeOrWait(bytes: Buffer): number {
    // A reader that did not take the last lines is not waited for again: requests would wait for it, one after the other.
    for (let pauses = this.dropped > 0 ? BUSY_PAUSES : 0; ; pauses++) {
      try {
        return writeSync(this.fd, bytes);
      } catch (error) {
        if (pauses >= BUSY_PAUSES || !isBusy(error)) throw error;
        Atomics.wait(NEVER_NOTIFIED, 0, 0, BUSY_PAUSE_MS);
      }
    }
  }

  private report(): string {
    if (this.dropped === 0) return '';
    const lines = this.dropped === 1 ? 'log line' : 'log lines';
    const msg = `${this.dropped} ${lines} could not be written (${this.reason})`;
    return `${JSON.stringify({ level: 'warn', time: new Date().toISOString(), msg })}\n`;
  }
}

const LINE_FEED = 0x0a;

const linesIn = (bytes: Buffer): number => bytes.reduce((lines, byte) => lines + Number(byte === LINE_FEED), 0);

const NEVER_NOTIFIED = new Int32Array(new SharedArrayBuffer(4));

/** A pipe without room, when whoever made it chose not to wait. */
const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'EAGAIN' || error.code === 'EBUSY');
