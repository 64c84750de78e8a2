import { describe, expect, it } from 'vitest';
import { timeFrameOf } from './time-frame';

describe('a time frame', () => {
  it.each([
    ['2020-11-05T10:00:00.000Z', '2020-11-05T10:04:59.5Z', '300s'],
    ['2020-11-05T11:00:00+01:00', '2020-11-05T10:05:00Z', '300s'],
    ['1604570400', '1604570700', '300s'],
  ])('from %s to %s is %s long', (start, end, duration) => {
    expect(timeFrameOf({ start, end })?.duration).toBe(duration);
  });

  it.each([
    ['', ''],
    ['yesterday', '2020-11-05T10:05:00Z'],
    ['2020-11-05T10:00:00', '2020-11-05T10:05:00'],
    ['2020-11-05T10:00:00Z', '2021'],
    ['2020-02-30T10:00:00Z', '2020-11-05T10:05:00Z'],
    ['2020-11-05T10:05:00Z', '2020-11-05T10:00:00Z'],
  ])('from "%s" to "%s" is none', (start, end) => {
    expect(timeFrameOf({ start, end })).toBeUndefined();
  });
});
