import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromGoTime, nanosecondsNow, nanosecondsOf, toGoTime } from './creation-date';

describe('a creation date', () => {
  it('is the time in nanoseconds, as text that fits into a signed integer of 64 bits', () => {
    const before = BigInt(Date.now()) * 1_000_000n;
    const now = BigInt(nanosecondsNow());
    expect(now).toBeGreaterThanOrEqual(before);
    expect(BigInt.asIntN(64, now)).toBe(now);
  });

  it('is written in Git as Go writes a time', () => {
    expect(toGoTime('1606138213123456789')).toBe('2020-11-23 13:30:13.123456789 +0000 UTC');
    expect(toGoTime('1606138213500000000')).toBe('2020-11-23 13:30:13.5 +0000 UTC');
    expect(toGoTime('1606138213000000000')).toBe('2020-11-23 13:30:13 +0000 UTC');
  });

  it('is read as the original wrote it, with its zone and monotonic clock', () => {
    expect(fromGoTime('2020-11-23 14:30:13.123456789 +0100 CET m=+0.012')).toBe('1606138213123456789');
    expect(fromGoTime('2020-11-23T13:30:13Z')).toBeUndefined();
    expect(fromGoTime('2020-99-23 13:30:13 +0000 UTC')).toBeUndefined();
  });

  it('is one that fits, when a commit or a file says that it was thousands of years later', () => {
    expect(nanosecondsOf(new Date('9999-12-31T23:59:59Z'))).toBe('9223372036854775807');
    expect(fromGoTime('9999-12-31 23:59:59 +0000 UTC')).toBe('9223372036854775807');
    expect(nanosecondsOf(new Date('0001-01-01T00:00:00Z'))).toBe('-9223372036854775807');
  });

  it('survives being written and read', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 4_000_000_000_000_000_000n), (time) => {
        expect(fromGoTime(toGoTime(String(time)))).toBe(String(time));
      }),
    );
  });
});
