import { describe, expect, it } from 'vitest';
import { SequenceGaps } from './sequence-gaps';

const PATIENCE = 1_000;

const setUp = () => {
  const clock = { now: 0 };
  return { clock, gaps: new SequenceGaps(PATIENCE, () => clock.now) };
};

describe('gaps between sequence numbers', () => {
  it('are waited for until a higher number has been visible for long enough', () => {
    const { clock, gaps } = setUp();
    gaps.sight(10);
    clock.now = PATIENCE - 1;
    expect(gaps.mayPass(5, 9)).toBe(false);
    clock.now = PATIENCE;
    expect(gaps.mayPass(5, 9)).toBe(true);
    expect(gaps.mayPass(5, 11)).toBe(false);
  });

  it('need no waiting when this process abandoned all their numbers', () => {
    const { gaps } = setUp();
    gaps.sight(10);
    gaps.abandon([5, 6]);
    expect(gaps.mayPass(5, 6)).toBe(true);
    expect(gaps.mayPass(5, 7)).toBe(false);
  });

  it('are given up late by at most a part of the patience, however often numbers are sighted', () => {
    const { clock, gaps } = setUp();
    for (let sequence = 1; sequence <= 5_000; sequence++) {
      clock.now = sequence;
      gaps.sight(sequence);
    }
    expect(gaps.mayPass(5_000 - PATIENCE, 5_000 - PATIENCE)).toBe(false);
    expect(gaps.mayPass(1, 5_000 - PATIENCE * 1.2)).toBe(true);
  });
});
