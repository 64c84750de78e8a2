import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Refresher } from './refresher';

describe('the refresher', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('reads again soon after an event, and a few times more for read models that are late', () => {
    const read = vi.fn();
    new Refresher().touch('board', read);
    vi.advanceTimersByTime(200);
    expect(read).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(60_000);
    expect(read).toHaveBeenCalledTimes(4);
  });

  it('reads about once a second while events stream in', () => {
    const read = vi.fn();
    const refresher = new Refresher();
    for (let count = 0; count < 100; count++) {
      refresher.touch('board', read);
      vi.advanceTimersByTime(100);
    }
    expect(read.mock.calls.length).toBeGreaterThan(8);
    expect(read.mock.calls.length).toBeLessThan(16);
  });

  it('keeps apart what is read', () => {
    const [board, runs] = [vi.fn(), vi.fn()];
    const refresher = new Refresher();
    refresher.touch('board', board);
    refresher.touch('runs', runs);
    vi.advanceTimersByTime(200);
    expect([board.mock.calls.length, runs.mock.calls.length]).toEqual([1, 1]);
  });

  it('ends', () => {
    const read = vi.fn();
    const refresher = new Refresher();
    refresher.touch('board', read);
    refresher.stop();
    vi.advanceTimersByTime(60_000);
    expect(read).not.toHaveBeenCalled();
  });
});
