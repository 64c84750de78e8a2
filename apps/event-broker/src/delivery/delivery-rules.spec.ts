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
  const fail = (health: SinkHealth, now: number, subject: string, retryAfter?: number): boolean =>
    health.failed({ now, subject, retryAfter, random: 0 });

  it('is down after failures at three subjects in a row, is then asked with growing pauses, and recovers', () => {
    const health = new SinkHealth(PAUSES);
    expect([fail(health, 1_000, 'a'), fail(health, 1_010, 'b'), health.isDown, health.pausedUntil]).toEqual([
      ...[false, false],
      ...[false, 1_010],
    ]);
    expect([fail(health, 1_020, 'c'), fail(health, 1_200, 'd')]).toEqual([true, false]);
    expect([health.isDown, health.pausedUntil, health.failingSince]).toEqual([true, 1_400, 1_000]);
    health.succeeded();
    expect([health.isDown, health.pausedUntil, health.failingSince]).toEqual([false, 0, undefined]);
  });

  it('is not down because it fails at the same again and again, nor are pauses longer for that', () => {
    const health = new SinkHealth(PAUSES);
    for (const now of [1_000, 1_100, 1_200, 1_300]) expect(fail(health, now, 'a')).toBe(false);
    expect([health.isDown, health.failingSince]).toEqual([false, 1_000]);
    for (const subject of ['b', 'c', 'a', 'b', 'c']) fail(health, 2_000, subject);
    expect([health.isDown, health.pausedUntil]).toEqual([true, 2_100]);
  });

  it('gets the pause that it asks for at its first failure', () => {
    const health = new SinkHealth(PAUSES);
    fail(health, 1_000, 'a', 5_000);
    expect([health.isDown, health.pausedUntil]).toEqual([false, 6_000]);
  });
});
