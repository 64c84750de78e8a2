import { describe, expect, it } from 'vitest';
import { outcomeOf, retryAfterMs } from './outcome';
import { retryPauseMs } from './retry-pause';
import { SinkHealth } from './sink-health';

const PAUSES = { firstMs: 100, longestMs: 1_000 };

describe('an answer', () => {
  it.each([
    ['accepted', [200, 202, 204], [200, 202, 204]],
    ['failed', [301, 401, 403, 408, 425, 429, 500, 503], [302, 401, 404, 405, 429, 500, 503]],
    ['refused', [400, 404, 409, 410, 422], [400, 409, 413, 415, 422]],
    ['gone', [], [410]],
  ] as const)('means %s', (outcome, ofControlPlane, ofOthers) => {
    expect(ofControlPlane.filter((status) => outcomeOf(status, 'control-plane') !== outcome)).toEqual([]);
    expect(ofOthers.filter((status) => outcomeOf(status, 'outside') !== outcome)).toEqual([]);
  });

  it('asks for a pause in seconds or up to a date, of an hour at most', () => {
    const now = Date.parse('2026-01-01T00:00:00Z');
    expect(retryAfterMs('7', now)).toBe(7_000);
    expect(retryAfterMs('Thu, 01 Jan 2026 00:00:30 GMT', now)).toBe(30_000);
    expect(retryAfterMs('Wed, 31 Dec 2025 00:00:30 GMT', now)).toBe(0);
    expect(retryAfterMs('999999', now)).toBe(3_600_000);
    expect([retryAfterMs('soon', now), retryAfterMs(undefined, now)]).toEqual([undefined, undefined]);
  });
});

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
