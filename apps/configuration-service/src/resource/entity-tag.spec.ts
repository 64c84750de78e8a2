import { describe, expect, it } from 'vitest';
import { matches, parseEntityTags } from './entity-tag';

describe('If-Match and If-None-Match', () => {
  it.each([
    ['"a"', ['a']],
    ['"a", "b,c" ,"d"', ['a', 'b,c', 'd']],
    [' * ', '*'],
    ['""', ['']],
  ])('read %s', (header, tags) => {
    expect(parseEntityTags('If-Match', header, 'strong')).toEqual(tags);
  });

  it('leave weak tags out where a strong one is needed', () => {
    expect(parseEntityTags('If-Match', 'W/"a", "b"', 'strong')).toEqual(['b']);
    expect(parseEntityTags('If-None-Match', 'W/"a", "b"', 'weak')).toEqual(['a', 'b']);
  });

  it.each(['a', '"a', 'a"', '"a" b', '"a"; "b"', ''])('refuse %j', (header) => {
    expect(() => parseEntityTags('If-Match', header, 'strong')).toThrow('If-Match in header must be');
  });

  it('match what is there, never nothing', () => {
    expect(matches('*', 'a')).toBe(true);
    expect(matches('*', undefined)).toBe(false);
    expect(matches(['a', 'b'], 'b')).toBe(true);
    expect(matches(['a'], 'b')).toBe(false);
  });
});
