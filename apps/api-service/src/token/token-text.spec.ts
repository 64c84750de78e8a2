import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashOfToken, isTokenText, newTokenText } from './token-text';

describe('the text of a token', () => {
  it('is new each time, and known by its beginning and its checksum', () => {
    const texts = Array.from({ length: 200 }, newTokenText);
    expect(new Set(texts).size).toBe(200);
    expect(texts.filter((text) => /^kpt_[0-9A-Za-z]{38}$/.test(text) && isTokenText(text))).toHaveLength(200);
  });

  it('with another character anywhere is no token', () => {
    fc.assert(
      fc.property(fc.nat({ max: 37 }), fc.constantFrom('0', 'z', 'Q', '-', ' '), (at, character) => {
        const text = newTokenText();
        const changed = text.slice(0, 4 + at) + character + text.slice(5 + at);
        expect(isTokenText(changed)).toBe(changed === text);
      }),
    );
  });

  it('cannot be read from what is stored', () => {
    const text = newTokenText();
    expect(hashOfToken(text)).toMatch(/^[\w-]{43}$/);
    expect(hashOfToken(text)).not.toContain(text.slice(4, 12));
  });
});
