import { expect, it } from 'vitest';
import { RepeatedTask } from './repeated-task';

it('does its work again and again, and stops after the round that is under way', async () => {
  const rounds: string[] = [];
  const third = Promise.withResolvers<undefined>();
  const finish = Promise.withResolvers<undefined>();
  const task = new RepeatedTask(async () => {
    rounds.push('begun');
    if (rounds.length === 5) {
      third.resolve(undefined);
      await finish.promise;
    }
    rounds.push('ended');
    return 0;
  });
  task.start();
  await third.promise;
  const stopped = task.stop();
  expect(rounds).toEqual(['begun', 'ended', 'begun', 'ended', 'begun']);
  finish.resolve(undefined);
  await stopped;
  expect(rounds).toHaveLength(6);
});

it('stops at once while it rests, and without having been started', async () => {
  const begun = Promise.withResolvers<undefined>();
  const task = new RepeatedTask(() => {
    begun.resolve(undefined);
    return Promise.resolve(3_600_000);
  });
  task.start();
  await begun.promise;
  await task.stop();
  expect(task.signal.aborted).toBe(true);
  await new RepeatedTask(() => Promise.reject(new Error('never called'))).stop();
});
