import { describe, expect, it } from 'vitest';
import { attemptOf } from './attempt';

const EVENT = { type: 'io.example.test', data: { project: 'sockshop' } };

describe('an attempt to send an event', () => {
  it('repeats the one before that has not succeeded', () => {
    const first = attemptOf(EVENT, undefined);
    expect(first.key).toMatch(/^[0-9a-f]{32}$/);
    expect(attemptOf({ ...EVENT }, first)).toEqual(first);
  });

  it('is a new one when the event is another one, or the one before has succeeded', () => {
    const first = attemptOf(EVENT, undefined);
    expect(attemptOf({ ...EVENT, data: {} }, first).key).not.toBe(first.key);
    expect(attemptOf(EVENT, undefined).key).not.toBe(first.key);
  });
});
