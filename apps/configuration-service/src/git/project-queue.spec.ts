import { describe, expect, it } from 'vitest';
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
});
