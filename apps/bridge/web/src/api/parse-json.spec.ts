import { describe, expect, it } from 'vitest';
import { parseJson } from './parse-json';

describe('parseJson', () => {
  it('reads what a server answers', () => {
    expect(parseJson('{"stage":"dev","n":1,"smile":"\\ud83d\\ude00"}')).toEqual({ stage: 'dev', n: 1, smile: '😀' });
  });

  it('shows half a character as U+FFFD, so that a link can hold it', () => {
    expect(parseJson('{"stage":"a\\ud800"}')).toEqual({ stage: 'a\ufffd' });
  });
});
