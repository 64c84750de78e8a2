import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { askEach } from './ask-each';

describe('asking for indicators', () => {
  it('asks for some at the same time, and has the values in their order', async () => {
    let asking = 0;
    let most = 0;
    const indicators = Array.from({ length: 100 }, (_, index) => `indicator ${index}`);
    const values = await askEach(indicators, async (metric) => {
      most = Math.max(most, ++asking);
      await setImmediate();
      asking--;
      return { metric, value: 1, success: true };
    });
    expect(most).toBe(16);
    expect(values.map(({ metric }) => metric)).toEqual(indicators);
  });
});
