import { describe, expect, it } from 'vitest';
import { indicatorValuesOf } from '../src/index';

const messageOf = (message: string): string | undefined =>
  indicatorValuesOf([{ metric: 'a', success: false, message, query: message }])[0]?.message;

describe('what a provider says of an indicator', () => {
  it('is cut, and marked, when it is long', () => {
    const [value] = indicatorValuesOf([{ metric: 'a', value: 1, success: true, query: 'x'.repeat(100_000) }]);
    expect(value?.query).toBe(`${'x'.repeat(2_047)}…`);
    expect(messageOf('x'.repeat(2_048))).toBe('x'.repeat(2_048));
  });

  it('is cut between characters', () => {
    expect(messageOf('x'.repeat(2_046) + '😀😀')?.isWellFormed()).toBe(true);
  });
});
