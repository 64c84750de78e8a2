import { describe, expect, it } from 'vitest';
import { retryPauseMs } from './retry-pause';
import { SinkHealth } from './sink-health';

const PAUSES = { firstMs: 100, longestMs: 1_000 };

describe('the pause between attempts', () => {
  it('grows up to its limit and is shortened by chance', () => {
    expect([1, 2, 3, 4, 5, 999].map((attempt) => retryPauseMs(PAUSES, attempt, 0))).toEqual([
      100, 200, 400, 800, 1_000, 1_000,
    ]);
    expect(retryPauseMs(PAUSES, 3, 1)).toBe(200);
  });
});

describe('a sink', () => {
  it('is down after three failures in a row, is then asked by one request at a time with growing pauses, and recovers', () => {
    const health = new SinkHealth(PAUSES);
    health.failed(1_000, undefined, 0);
    health.failed(1_010, undefined, 0);
    expect([health.isDown, health.concurrency(8), health.pausedUntil]).toEqual([false, 8, 1_010]);
    health.failed(1_020, undefined, 0);
    health.failed(1_200, undefined, 0);
    expect([health.isDown, health.concurrency(8), health.pausedUntil]).toEqual([true, 1, 1_400]);
    expect(health.failingSince).toBe(1_000);
    health.succeeded();
    expect([health.isDown, health.concurrency(8), health.pausedUntil, health.failingSince]).toEqual([
      false,
      8,
      0,
      undefined,
    ]);
  });

  it('gets the pause that it asks for at its first failure', () => {
    const health = new SinkHealth(PAUSES);
    health.failed(1_000, 5_000, 0);
    expect([health.isDown, health.pausedUntil]).toEqual([false, 6_000]);
  });
});
