import { expect, it } from 'vitest';
import { BranchQueues } from './branch-queues';

/** A task that notes its start and ends when it is told to. */
function task(name: string, started: string[]): { run: () => Promise<string>; end: () => void } {
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const run = async (): Promise<string> => {
    started.push(name);
    await ended;
    return name;
  };
  return { run, end };
}

it('runs tasks on one branch in their order and others side by side', async () => {
  const queues = new BranchQueues();
  const started: string[] = [];
  const [first, second, other] = ['first', 'second', 'other'].map((name) => task(name, started)) as [
    ReturnType<typeof task>,
    ReturnType<typeof task>,
    ReturnType<typeof task>,
  ];
  const results = [queues.run(['a'], first.run), queues.run(['a'], second.run), queues.run(['b'], other.run)];
  other.end();
  expect(await results[2]).toBe('other');
  expect(started).toEqual(['first', 'other']);
  first.end();
  await results[0];
  second.end();
  expect(await results[1]).toBe('second');
});

it('never lets tasks on several branches wait for each other', async () => {
  const queues = new BranchQueues();
  const both = Array.from({ length: 20 }, (_, index) =>
    queues.run(index % 2 === 0 ? ['a', 'b'] : ['b', 'a'], () => Promise.resolve(index)),
  );
  expect(await Promise.all(both)).toHaveLength(20);
});

it('runs a task alone', async () => {
  const queues = new BranchQueues();
  const started: string[] = [];
  const before = task('before', started);
  const running = queues.run(['a'], before.run);
  const alone = queues.runAlone(() => Promise.resolve(started.push('alone')));
  const after = queues.run(['b'], () => Promise.resolve(started.push('after')));
  before.end();
  await Promise.all([running, alone, after]);
  expect(started).toEqual(['before', 'alone', 'after']);
});

it('goes on after a task that failed', async () => {
  const queues = new BranchQueues();
  const failing = queues.run(['a'], () => Promise.reject(new Error('no')));
  const next = queues.run(['a'], () => Promise.resolve('yes'));
  await expect(failing).rejects.toThrow('no');
  expect(await next).toBe('yes');
});
