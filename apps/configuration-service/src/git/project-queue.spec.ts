import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { ProjectQueue } from './project-queue';

describe('the queue of a project', () => {
  it('runs one after the other, also behind work that failed, and other projects beside them', async () => {
    const queue = new ProjectQueue();
    const done: string[] = [];
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const first = queue.run('p', async () => {
      await held;
      done.push('first');
      throw new Error('failed');
    });
    const second = queue.run('p', () => Promise.resolve(done.push('second')));
    await queue.run('other', () => Promise.resolve(done.push('other')));
    release();
    await expect(first).rejects.toThrow('failed');
    await second;
    expect(done).toEqual(['other', 'first', 'second']);
  });

  it('gives up what nobody waits for any more, and goes on with what comes later', async () => {
    vi.useFakeTimers();
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const queue = new ProjectQueue();
    const done: string[] = [];
    let release: () => void = () => undefined;
    const first = queue.run('p', () => new Promise<void>((resolve) => (release = resolve)));
    const second = queue.run('p', () => Promise.resolve(done.push('second')));
    const refused = expect(second).rejects.toThrow('another change of project p is still under way');
    await vi.advanceTimersByTimeAsync(20_000);
    await refused;
    const third = queue.run('p', () => Promise.resolve(done.push('third')));
    release();
    await Promise.all([first, third]);
    expect(done).toEqual(['third']);
  });
});
