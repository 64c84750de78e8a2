import { describe, expect, it } from 'vitest';
import { outcomeOf, retryAfterMs } from './outcome';

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
