import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Read, Refresher } from './refresher';

const upToDate = () => vi.fn<Read>((wanted) => Promise.resolve(wanted));

describe('the refresher', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('reads once after a group of events, as new as the last of them', async () => {
    const read = upToDate();
    const refresher = new Refresher();
    for (const sequence of [7, 9, 8]) refresher.touch('board', sequence, read);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(read.mock.calls).toEqual([[9]]);
  });

  it('reads again what is behind, with growing pauses, until it has caught up', async () => {
    const read = vi
      .fn<Read>()
      .mockResolvedValueOnce(6)
      .mockRejectedValueOnce(new Error('away'))
      .mockResolvedValueOnce(7);
    new Refresher().touch('board', 7, read);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(read).toHaveBeenCalledTimes(3);
  });

  it('waits for the next event where it does not catch up, and says what it has not come to', async () => {
    const read = vi.fn<Read>().mockResolvedValue(0);
    const giveUp = vi.fn<(wanted: number) => void>();
    const refresher = new Refresher(giveUp);
    refresher.touch('board', 7, read);
    await vi.advanceTimersByTimeAsync(600_000);
    const before = read.mock.calls.length;
    expect(before).toBeLessThan(6);
    expect(giveUp.mock.calls).toEqual([[7]]);
    refresher.touch('board', 8, read);
    await vi.advanceTimersByTimeAsync(100);
    expect(read).toHaveBeenCalledTimes(before + 1);
  });

  it('reads again what fails until it is answered, less and less often whatever happens meanwhile', async () => {
    const read = vi.fn<Read>().mockRejectedValue(new Error('away'));
    const refresher = new Refresher();
    for (let sequence = 1; sequence <= 600; sequence++) {
      refresher.touch('board', sequence, read);
      await vi.advanceTimersByTimeAsync(1_000);
    }
    const before = read.mock.calls.length;
    expect(before).toBeLessThan(65);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(read.mock.calls.length).toBeGreaterThan(before + 55);
    read.mockResolvedValue(600);
    await vi.advanceTimersByTimeAsync(10_000);
    read.mockClear();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(read).not.toHaveBeenCalled();
  });

  it('reads again what is behind after the last of many events as well', async () => {
    const read = vi.fn<Read>((wanted) => Promise.resolve(wanted - 1));
    const refresher = new Refresher();
    for (let sequence = 1; sequence <= 60; sequence++) {
      refresher.touch('board', sequence, read);
      await vi.advanceTimersByTimeAsync(1_000);
    }
    read.mockClear();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(read.mock.calls.length).toBeGreaterThan(2);
  });

  it('reads about once a second while events stream in, and the last one is in', async () => {
    const read = upToDate();
    const refresher = new Refresher();
    for (let sequence = 1; sequence <= 100; sequence++) {
      refresher.touch('board', sequence, read);
      await vi.advanceTimersByTimeAsync(100);
    }
    await vi.advanceTimersByTimeAsync(60_000);
    expect(read.mock.calls.length).toBeGreaterThan(7);
    expect(read.mock.calls.length).toBeLessThan(13);
    expect(read.mock.lastCall).toEqual([100]);
  });

  it('keeps apart what is read', async () => {
    const [board, runs] = [upToDate(), upToDate()];
    const refresher = new Refresher();
    refresher.touch('board', 1, board);
    refresher.touch('runs', 2, runs);
    await vi.advanceTimersByTimeAsync(100);
    expect([board.mock.calls, runs.mock.calls]).toEqual([[[1]], [[2]]]);
  });

  it('ends', async () => {
    const read = upToDate();
    const refresher = new Refresher();
    refresher.touch('board', 1, read);
    refresher.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(read).not.toHaveBeenCalled();
  });
});
