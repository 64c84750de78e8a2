import { type RetryPauses, retryPauseMs } from './retry-pause';

/** So many subjects that fail without a success between them say that the sink is down, and not that it fails at one of them. */
const DOWN_AFTER = 3;

export interface SinkFailure {
  /** In milliseconds since 1970. */
  readonly now: number;
  /** What the sink failed at; that it fails at the same once more says nothing new about it. */
  readonly subject: string | number;
  /** The pause that the sink asked for, in milliseconds. */
  readonly retryAfter: number | undefined;
  /** From 0 to 1. */
  readonly random: number;
}

/** What the latest attempts say about a sink as a whole, as pure logic. */
export class SinkHealth {
  /** Subjects since the last success. */
  private readonly failing = new Set<string | number>();
  private pausedUntilMs = 0;

  /** @param failingSinceMs when the failures began that a delivery before ended with, in milliseconds since 1970 */
  constructor(
    private readonly pauses: RetryPauses,
    private failingSinceMs?: number,
  ) {}

  /** One request at a time then asks whether it is back. */
  get isDown(): boolean {
    return this.failing.size >= DOWN_AFTER;
  }

  /** Of the first failure since the last success, in milliseconds since 1970. */
  get failingSince(): number | undefined {
    return this.failingSinceMs;
  }

  /** Until when nothing is sent, in milliseconds since 1970. */
  get pausedUntil(): number {
    return this.pausedUntilMs;
  }

  succeeded(): void {
    this.failing.clear();
    this.failingSinceMs = undefined;
    this.pausedUntilMs = 0;
  }

  /** @returns whether the sink counts as down from now on, and did not before */
  failed({ now, subject, retryAfter, random }: SinkFailure): boolean {
    const wasDown = this.isDown;
    this.failing.add(subject);
    this.failingSinceMs ??= now;
    const pause = this.isDown ? retryPauseMs(this.pauses, this.failing.size - DOWN_AFTER + 1, random) : 0;
    this.pausedUntilMs = Math.max(this.pausedUntilMs, now + Math.max(pause, retryAfter ?? 0));
    return this.isDown && !wasDown;
  }
}
