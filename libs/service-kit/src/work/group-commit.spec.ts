import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, it } from 'vitest';
import { GroupCommit } from './group-commit';

/** Commits that the test lets end one by one. */
class Commits {
  readonly groups: (readonly number[])[] = [];
  private readonly endings: (() => void)[] = [];

  readonly commit = async (items: readonly number[]): Promise<(number | Error)[]> => {
    this.groups.push(items);
    await new Promise<void>((resolve) => this.endings.push(resolve));
    return items.map((item) => (item < 0 ? new Error(`refused ${item}`) : item * 10));
  };

  async endAll(): Promise<void> {
    do {
      this.endings.shift()?.();
      await new Promise(setImmediate);
    } while (this.endings.length > 0);
  }
}

const LIMITS = { items: 3, size: 100, groups: 1 };

describe('group commit', () => {
  it('commits one that comes alone at once', async () => {
    const commits = new Commits();
    const outcome = new GroupCommit(LIMITS, commits.commit).add(1, 1);
    await Promise.resolve();
    expect(commits.groups).toEqual([[1]]);
    await commits.endAll();
    expect(await outcome).toBe(10);
  });

  it('gathers what comes meanwhile, up to the limits', async () => {
    const commits = new Commits();
    const groups = new GroupCommit(LIMITS, commits.commit);
    const outcomes = [groups.add(1, 1)];
    await Promise.resolve();
    for (const item of [2, 3, 4, 5]) outcomes.push(groups.add(item, 1));
    outcomes.push(groups.add(6, 60), groups.add(7, 60), groups.add(8, 500));
    await commits.endAll();
    expect(await Promise.all(outcomes)).toEqual([10, 20, 30, 40, 50, 60, 70, 80]);
    expect(commits.groups).toEqual([[1], [2, 3, 4], [5, 6], [7], [8]]);
  });

  it('commits as many groups at the same time as it may', async () => {
    const commits = new Commits();
    const groups = new GroupCommit({ ...LIMITS, groups: 2 }, commits.commit);
    const outcomes: Promise<number>[] = [];
    for (const item of [1, 2, 3, 4]) {
      outcomes.push(groups.add(item, 1));
      await Promise.resolve();
    }
    expect(commits.groups).toEqual([[1], [2]]);
    await commits.endAll();
    expect(await Promise.all(outcomes)).toEqual([10, 20, 30, 40]);
    expect(commits.groups).toEqual([[1], [2], [3, 4]]);
  });

  it('begins a group beside another one only with as many items as are worth it', async () => {
    const commits = new Commits();
    const groups = new GroupCommit({ ...LIMITS, groups: 2, itemsBeside: 3 }, commits.commit);
    const outcomes: Promise<number>[] = [];
    for (const item of [1, 2, 3, 4, 5]) {
      outcomes.push(groups.add(item, 1));
      await Promise.resolve();
    }
    expect(commits.groups).toEqual([[1], [2, 3, 4]]);
    await commits.endAll();
    expect(await Promise.all(outcomes)).toEqual([10, 20, 30, 40, 50]);
    expect(commits.groups).toEqual([[1], [2, 3, 4], [5]]);
  });

  it('commits each group as a part of the request of its first item', async () => {
    const request = new AsyncLocalStorage<string>();
    const requests: (string | undefined)[] = [];
    const groups = new GroupCommit<number, number>(LIMITS, (items) => {
      requests.push(request.getStore());
      return Promise.resolve(items);
    });
    await Promise.all([
      request.run('a', () => groups.add(1, 60)),
      request.run('b', () => groups.add(2, 60)),
      request.run('c', () => groups.add(3, 1)),
    ]);
    expect(requests).toEqual(['a', 'b']);
  });

  it('gives each its own outcome', async () => {
    const commits = new Commits();
    const groups = new GroupCommit(LIMITS, commits.commit);
    const settled = Promise.allSettled([groups.add(1, 1), groups.add(-2, 1)]);
    await commits.endAll();
    expect(await settled).toEqual([
      { status: 'fulfilled', value: 10 },
      { status: 'rejected', reason: new Error('refused -2') },
    ]);
  });

  it('rejects a whole group that fails, and goes on with the next', async () => {
    let isBroken = true;
    const groups = new GroupCommit<number, number>(LIMITS, (items) => {
      if (isBroken) return Promise.reject(new Error('broken'));
      return Promise.resolve(items);
    });
    await expect(Promise.all([groups.add(1, 1), groups.add(2, 1)])).rejects.toThrow('broken');
    isBroken = false;
    expect(await groups.add(3, 1)).toBe(3);
  });
});
