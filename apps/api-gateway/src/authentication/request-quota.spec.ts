import { TooManyRequests } from '@keptn/service-kit';
import { describe, expect, it } from 'vitest';
import { RequestQuota } from './request-quota';

describe('the quota of a caller', () => {
  const quotaAt = (clock: { ms: number }) => new RequestQuota({ perMinute: 60, now: () => clock.ms });

  it('says what is left, and when all of it is there again', () => {
    const quota = quotaAt({ ms: 0 });
    quota.spend('ci');
    expect(quota.spend('ci')).toEqual({ RateLimit: '"caller";r=58;t=2', 'RateLimit-Policy': '"caller";q=60;w=60' });
  });

  it('is spent at once or bit by bit, and comes back evenly', () => {
    const clock = { ms: 0 };
    const quota = quotaAt(clock);
    for (let count = 0; count < 60; count++) quota.spend('ci');
    expect(() => quota.spend('ci')).toThrow(TooManyRequests);
    clock.ms = 1_000;
    expect(quota.spend('ci')).toMatchObject({ RateLimit: '"caller";r=0;t=60' });
    expect(() => quota.spend('ci')).toThrow(TooManyRequests);
    clock.ms = 62_000;
    expect(quota.spend('ci')).toMatchObject({ RateLimit: '"caller";r=59;t=1' });
  });

  it('tells a caller without any when to come back', () => {
    const quota = quotaAt({ ms: 0 });
    for (let count = 0; count < 60; count++) quota.spend('ci');
    const refusal = ((): unknown => {
      try {
        return quota.spend('ci');
      } catch (error) {
        return error;
      }
    })();
    expect(refusal).toMatchObject({ headers: { 'Retry-After': '1', RateLimit: '"caller";r=0;t=1' } });
  });

  it.each([1, 2, 7, 60, 1_000])('of %d is exact, whatever the clock shows', (perMinute) => {
    for (let tries = 1; tries <= 200; tries++) {
      const ms = tries * 1_234.567_891_234_5;
      const quota = new RequestQuota({ perMinute, now: () => ms });
      for (let left = perMinute - 1; left >= 0; left--) {
        const seconds = Math.ceil((60 * (perMinute - left)) / perMinute);
        expect(quota.spend('ci').RateLimit).toBe(`"caller";r=${left};t=${seconds}`);
      }
      expect(() => quota.spend('ci')).toThrow(TooManyRequests);
    }
  });

  it('is nobody else’s', () => {
    const quota = quotaAt({ ms: 0 });
    for (let count = 0; count < 60; count++) quota.spend('ci');
    expect(quota.spend('dashboard')).toMatchObject({ RateLimit: '"caller";r=59;t=1' });
  });
});
