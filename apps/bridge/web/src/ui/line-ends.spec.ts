import { describe, expect, it } from 'vitest';
import { lineEndsOf, withLineEndsOf } from './line-ends';

describe('the line ends of a file', () => {
  it.each([
    ['none', 'a'],
    ['unix', 'a\nb\n'],
    ['windows', 'a\r\nb\r\n'],
    ['mixed', 'a\r\nb\n'],
    ['mixed', 'a\rb\r'],
  ])('are %s of %j', (ends, text) => {
    expect(lineEndsOf(text)).toBe(ends);
  });

  it('stay those of Windows when a line is changed', () => {
    expect(withLineEndsOf('a\r\nb\r\n', 'a\nc\nd\n')).toBe('a\r\nc\r\nd\r\n');
  });

  it('stay those of Unix when a line is changed', () => {
    expect(withLineEndsOf('a\nb\n', 'a\nc\n')).toBe('a\nc\n');
  });

  it('become those of Unix where there were several', () => {
    expect(withLineEndsOf('a\r\nb\n', 'a\nc\n')).toBe('a\nc\n');
  });

  it.each(['a\nb', 'a\r\nb', 'a\r\nb\nc\r'])('are as they were once a change of %j is taken back', (base) => {
    expect(withLineEndsOf(base, base.replaceAll(/\r\n?/g, '\n'))).toBe(base);
  });
});
