import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mapKey } from './map-key';

describe('a key of a map in MongoDB', () => {
  it('has no dot, no dollar, and no name that JavaScript gives a meaning', () => {
    expect(mapKey('sh.keptn.event')).toBe('sh%2ekeptn%2eevent');
    expect(mapKey('$where')).toBe('%24where');
    expect(mapKey('__proto__')).not.toBe('__proto__');
    expect(mapKey('dev-1')).toBe('dev-1');
  });

  it.each(Object.getOwnPropertyNames(Object.prototype))('finds nothing in an empty map: %s', (name) => {
    const empty: Readonly<Record<string, unknown>> = {};
    expect(empty[mapKey(name)]).toBeUndefined();
  });

  it('is different for different names', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (a, b) => {
        expect(mapKey(a)).toMatch(/^[A-Za-z0-9%-]*$/);
        expect(mapKey(a) === mapKey(b)).toBe(a === b);
      }),
    );
  });
});
