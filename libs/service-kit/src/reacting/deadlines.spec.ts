import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { Readiness } from '../health/readiness';
import { type Deadline, Deadlines } from './deadlines';

const started: Deadlines[] = [];

const start = (openDeadlines: (isWaitedFor: (key: string) => boolean) => readonly Deadline[], rereadMs = 60_000) => {
  const readiness = new Readiness();
  const deadlines = new Deadlines({
    openDeadlines: (isWaitedFor) => ReadableStream.from(openDeadlines(isWaitedFor)),
    rereadMs,
    logger: pino({ level: 'silent' }),
    readiness,
  });
  started.push(deadlines);
  deadlines.onApplicationBootstrap();
  return { deadlines, readiness };
};

afterEach(async () => {
  await Promise.all(started.splice(0).map((deadlines) => deadlines.onModuleDestroy()));
});

/** Something to act, and a promise of its n-th call. */
const acting = (outcome: (call: number) => Promise<void> = () => Promise.resolve()) => {
  let calls = 0;
  const waiting = new Map<number, () => void>();
  return {
    act: async (): Promise<void> => {
      calls += 1;
      waiting.get(calls)?.();
      await outcome(calls);
    },
    called: (call: number) => new Promise<void>((resolve) => waiting.set(call, resolve)),
    get calls() {
      return calls;
    },
  };
};

const soon = (milliseconds = 20): Date => new Date(Date.now() + milliseconds);

describe('deadlines', () => {
  it('are read from the log at the start, and those that passed meanwhile are acted upon at once', async () => {
    const { act, called } = acting();
    const passed = called(1);
    start(() => [{ key: 'passed', at: new Date(0), act }]);
    await passed;
  });

  it('make the service ready only when the log could be read', async () => {
    const { act, called } = acting();
    const second = called(1);
    let readings = 0;
    const { readiness } = start(() => {
      readings += 1;
      if (readings === 1) throw new Error('the log is away');
      return [{ key: 'one', at: new Date(0), act }];
    });
    expect((await readiness.report()).ready).toBe(false);
    await second;
    expect((await readiness.report()).ready).toBe(true);
  });

  it('are acted upon again until that succeeds', async () => {
    const { act, called } = acting((call) => (call < 2 ? Promise.reject(new Error('away')) : Promise.resolve()));
    const second = called(2);
    const { deadlines } = start(() => []);
    deadlines.set({ key: 'one', at: soon(), act });
    await second;
    expect(deadlines.size).toBe(0);
  });

  it('are not acted upon once removed, and replace the one of the same key', async () => {
    const removed = acting();
    const replaced = acting();
    const last = acting();
    const { deadlines } = start(() => []);
    deadlines.set({ key: 'removed', at: soon(), act: removed.act });
    deadlines.set({ key: 'replaced', at: soon(), act: replaced.act });
    deadlines.remove('removed');
    const acted = last.called(1);
    deadlines.set({ key: 'replaced', at: soon(40), act: last.act });
    await acted;
    expect([removed.calls, replaced.calls]).toEqual([0, 0]);
  });

  it('are known to later readings of the log while they are waited for', async () => {
    const { act } = acting();
    const known: boolean[] = [];
    await new Promise<void>((resolve) => {
      start((isWaitedFor) => {
        known.push(isWaitedFor('one'));
        if (known.length === 2) resolve();
        return [{ key: 'one', at: soon(60_000), act }];
      }, 1);
    });
    expect(known).toEqual([false, true]);
  });

  it('may be years ahead', () => {
    const { act } = acting();
    const { deadlines } = start(() => []);
    deadlines.set({ key: 'far', at: new Date(Date.now() + 1e12), act });
    expect(deadlines.size).toBe(1);
  });
});
