import { type RetryPauses, retryPauseMs } from './retry-pause';

/** Failures in a row from which on a sink counts as down: one request at a time then asks whether it is back. */
const DOWN_AFTER = 3;

/** What the latest attempts say about a sink as a whole, as pure logic. */
export class SinkHealth {
  private failuresInRow = 0;
  private pausedUntilMs = 0;

  /** @param failingSinceMs when the failures began that a delivery before ended with, in milliseconds since 1970 */
  constructor(
    private readonly pauses: RetryPauses,
    private failingSinceMs?: number,
  ) {}

  get isDown(): boolean {
    return this.failuresInRow >= DOWN_AFTER;
  }

  /** Of the first failure since the last success, in milliseconds since 1970. */
  get failingSince(): number | undefined {
    return this.failingSinceMs;
  }

  /** Until when nothing is sent, in milliseconds since 1970. */
  get pausedUntil(): number {
    return this.pausedUntilMs;
  }

  /** How many requests may be on their way. */
  concurrency(most: number): number {
    return this.isDown ? 1 : most;
  }

  succeeded(): void {
    this.failuresInRow = 0;
    this.failingSinceMs = undefined;
    this.pausedUntilMs = 0;
  }

  /**
   * @param now in milliseconds since 1970
   * @param retryAfter the pause that the sink asked for, in milliseconds
   * @returns whether the sink counts as down from now on, and did not before
   */
  failed(now: number, retryAfter: number | undefined, random: number): boolean {
    this.failuresInRow++;
    this.failingSinceMs ??= now;
    const pause = this.isDown ? retryPauseMs(this.pauses, this.failuresInRow - DOWN_AFTER + 1, random) : 0;
    this.pausedUntilMs = Math.max(this.pausedUntilMs, now + Math.max(pause, retryAfter ?? 0));
    return this.failuresInRow === DOWN_AFTER;
  }
}
