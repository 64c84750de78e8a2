import { describe, expect, it } from 'vitest';
import { shownNumber } from '../src/shown-number';

describe('a shown number', () => {
  it.each([
    [1234.5678901, '1234.57'],
    [0.1 + 0.2, '0.3'],
    [123_456_789.4, '123456789'],
    [-1_234_567.8, '-1234568'],
    [123_456_789, '123456789'],
  ])('is cut only in its fraction: %d', (value, text) => {
    expect(shownNumber(value)).toBe(text);
  });

  it.each([
    [1_000_000.4, 1_000_000, '1000000.4'],
    [999_999.6, 1_000_000, '999999.6'],
    [0.1 + 0.2, 0.3, '0.30000000000000004'],
    [600, 600, '600'],
  ])('does not look like another one beside it: %d, %d', (value, limit, text) => {
    expect(shownNumber(value, [limit])).toBe(text);
  });
});
