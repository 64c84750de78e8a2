import { deflateSync, inflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { createObjectCache, exactCopy, NOT_KEPT } from './object-cache';

it.each([0, 100])('of %i bytes takes nothing that is larger than itself', (maxBytes) => {
  const cache = createObjectCache(maxBytes);
  cache.set('a', {}, { size: 101 });
  cache.set('b', {}, { size: NOT_KEPT });
  expect(cache.size).toBe(0);
});

it('keeps copies that hold no more memory than they have bytes', () => {
  const inflated = inflateSync(deflateSync(Buffer.from('small')));
  expect(inflated.buffer.byteLength).toBeGreaterThan(inflated.length);
  expect(exactCopy(inflated)).toEqual(inflated);
  expect(exactCopy(inflated).buffer.byteLength).toBe(inflated.length);
});
