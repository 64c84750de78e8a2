import { describe, expect, it } from 'vitest';
import { isTraceparent, newTraceparent } from './trace-context';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

describe('the trace context', () => {
  it.each([`00-${TRACE}-${SPAN}-01`, `00-${TRACE}-${SPAN}-00`, `cc-${TRACE}-${SPAN}-01-what-a-later-version-adds`])(
    'is passed on: %s',
    (header) => {
      expect(isTraceparent(header)).toBe(true);
    },
  );

  it.each([
    undefined,
    '',
    `ff-${TRACE}-${SPAN}-01`,
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}-01-more`,
    `00-${TRACE}-${SPAN}-01\n`,
  ])('is not passed on: %s', (header) => {
    expect(isTraceparent(header)).toBe(false);
  });

  it('is made anew, each time another', () => {
    const made = Array.from({ length: 1_000 }, newTraceparent);
    expect(made.every(isTraceparent)).toBe(true);
    expect(new Set(made).size).toBe(1_000);
  });
});
