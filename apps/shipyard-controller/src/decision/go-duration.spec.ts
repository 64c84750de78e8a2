import { describe, expect, it } from 'vitest';
import { goDuration } from './go-duration';

describe('a Go duration', () => {
  it.each([
    ['10m', 600_000],
    ['2s', 2000],
    ['1h30m', 5_400_000],
    ['.5s', 500],
    ['0', 0],
    ['10', undefined],
    ['ten minutes', undefined],
    ['-1m', undefined],
    ['2562047h', 9_223_369_200_000],
    ['2562048h', undefined],
  ])('%s is %s ms', (text, milliseconds) => {
    expect(goDuration(text)).toBe(milliseconds);
  });
});
