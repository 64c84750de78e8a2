import { expect, it } from 'vitest';
import { deflateSync, inflateSync } from 'node:zlib';
import { exactCopy, ObjectCache } from './object-cache';

it('forgets what was used longest ago when it is full', () => {
  const cache = new ObjectCache(100);
  cache.set('a', 1, 40);
  cache.set('b', 2, 40);
  cache.get('a');
  cache.set('c', 3, 40);
  expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([1, undefined, 3]);
  expect(cache.bytes).toBe(80);
});

it('never takes what is larger than itself', () => {
  const cache = new ObjectCache(100);
  cache.set('a', 1, 40);
  cache.set('b', 2, 101);
  expect([cache.get('a'), cache.get('b')]).toEqual([1, undefined]);
});

it('counts a value once when it is set again', () => {
  const cache = new ObjectCache(100);
  cache.set('a', 1, 40);
  cache.set('a', 2, 50);
  expect([cache.get('a'), cache.bytes]).toEqual([2, 50]);
});

it('keeps copies that hold no more memory than they have bytes', () => {
  const inflated = inflateSync(deflateSync(Buffer.from('small')));
  expect(inflated.buffer.byteLength).toBeGreaterThan(inflated.length);
  expect(exactCopy(inflated)).toEqual(inflated);
  expect(exactCopy(inflated).buffer.byteLength).toBe(inflated.length);
});
