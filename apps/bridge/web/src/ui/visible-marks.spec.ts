import { describe, expect, it } from 'vitest';
import { withVisibleMarks } from './visible-marks';

describe('the text of an element', () => {
  it('shows marks of direction by name, in each of its parts', () => {
    expect(withVisibleMarks({ title: 'x', children: ['a\u202Eb', 7, ['\u2066'], null] })).toEqual({
      title: 'x',
      children: ['a[U+202E]b', 7, ['[U+2066]'], null],
    });
  });

  it('is left alone without them', () => {
    const properties = { children: ['سلام', undefined] };
    expect(withVisibleMarks(properties)).toBe(properties);
    expect(withVisibleMarks({})).toEqual({});
  });
});
