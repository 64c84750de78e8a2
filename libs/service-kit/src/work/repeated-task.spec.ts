import { EventEmitter, once } from 'node:events';
import { expect, it } from 'vitest';
import { RepeatedTask } from './repeated-task';

it('does its work again and again, and stops after the round that is under way', async () => {
  const signals = new EventEmitter();
  const rounds: string[] = [];
  const task = new RepeatedTask(async () => {
    rounds.push('begun');
    if (rounds.length === 5) {
      const mayEnd = once(signals, 'may end');
      signals.emit('third');
      await mayEnd;
    }
    rounds.push('ended');
    return 0;
  });
  const third = once(signals, 'third');
  task.start();
  await third;
  const stopped = task.stop();
  expect(rounds).toEqual(['begun', 'ended', 'begun', 'ended', 'begun']);
  signals.emit('may end');
  await stopped;
  expect(rounds).toHaveLength(6);
});

it('stops at once while it rests, and without having been started', async () => {
  const signals = new EventEmitter();
  const task = new RepeatedTask(() => {
    signals.emit('begun');
    return Promise.resolve(3_600_000);
  });
  const begun = once(signals, 'begun');
  task.start();
  await begun;
  await task.stop();
  expect(task.signal.aborted).toBe(true);
  await new RepeatedTask(() => Promise.reject(new Error('never called'))).stop();
});

it('sleeps until it is woken where that is asked for, and misses no waking before', async () => {
  const signals = new EventEmitter();
  const begun: number[] = [];
  const task: RepeatedTask = new RepeatedTask(async () => {
    begun.push(begun.length);
    if (begun.length === 1) task.wake();
    await Promise.resolve();
    if (begun.length >= 2) setImmediate(() => signals.emit('asleep'));
    return undefined;
  });
  let asleep = once(signals, 'asleep');
  task.start();
  await asleep;
  expect(begun).toHaveLength(2);
  asleep = once(signals, 'asleep');
  task.wake();
  await asleep;
  expect(begun).toHaveLength(3);
  await task.stop();
});
