import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DeliveryWindow, type WaitingItem, type WindowEntry } from './delivery-window';

const itemOf = (sequence: number, key: string, size = 1): WaitingItem<string> => ({
  ...{ sequence, key, size },
  item: `event ${sequence}`,
});
const windowOf = (...keys: string[]): DeliveryWindow<string> => {
  const window = new DeliveryWindow<string>(0, { entries: 100, size: 1_000 });
  keys.forEach((key, index) => {
    window.add(itemOf(index + 1, key));
  });
  return window;
};
const take = (
  window: DeliveryWindow<string>,
  options: { now?: number; concurrency?: number; groupSize?: number } = {},
) => window.take({ now: 0, concurrency: 10, groupSize: 1, ...options });
const sequencesOf = (groups: readonly (readonly WindowEntry<string>[])[]): number[][] =>
  groups.map((group) => group.map(({ sequence }) => sequence));

interface Step {
  readonly groupSize: number;
  readonly pick: number;
  readonly fails: boolean;
  readonly probes: boolean;
}

describe('the window of a subscription', () => {
  it('sends contexts side by side and each in order', () => {
    const window = windowOf('a', 'a', 'b', 'c', 'b');
    const first = take(window);
    expect(sequencesOf(first)).toEqual([[1], [3], [4]]);
    expect(take(window)).toEqual([]);
    window.finish(first[1] ?? []);
    expect(sequencesOf(take(window))).toEqual([[5]]);
  });

  it('keeps to its concurrency', () => {
    const window = windowOf('a', 'b', 'c');
    expect(sequencesOf(take(window, { concurrency: 2 }))).toEqual([[1], [2]]);
  });

  it('sends several of one context together where that is wanted', () => {
    const window = windowOf('a', 'b', 'a', 'a', 'a');
    expect(sequencesOf(take(window, { groupSize: 3 }))).toEqual([[1, 3, 4], [2]]);
  });

  it('sends what was refused together one by one, whatever size of groups the sink wants', () => {
    const window = windowOf('a', 'a', 'a', 'a');
    const [refused = []] = take(window, { groupSize: 2 });
    window.separate(refused);
    const sent: number[][] = [];
    for (let [group] = take(window, { groupSize: 3 }); group !== undefined; [group] = take(window, { groupSize: 3 })) {
      sent.push(group.map(({ sequence }) => sequence));
      window.finish(group);
    }
    expect(sent).toEqual([[1], [2], [3, 4]]);
  });

  it('holds up a context, and no other, while its first event waits for another attempt', () => {
    const window = windowOf('a', 'b', 'a', 'b');
    const [ofA, ofB] = take(window);
    window.retry(ofA ?? [], 500);
    window.finish(ofB ?? []);
    expect(sequencesOf(take(window))).toEqual([[4]]);
    expect(window.nextAttemptAt).toBe(500);
    expect(sequencesOf(take(window, { now: 500 }))).toEqual([[1]]);
  });

  it('knows how far it has come, and what is open before that', () => {
    const window = windowOf('a', 'b', 'a');
    const [, ofB] = take(window);
    window.finish(ofB ?? []);
    window.advanceTo(7);
    expect(window.checkpoint).toEqual({ position: 7, open: [1, 3] });
    window.advanceTo(5);
    expect(window.position).toBe(7);
  });

  it('gives back what was never sent, so that a sink that is down holds next to nothing', () => {
    const window = windowOf('a', 'b', 'a', 'c');
    const [ofA] = take(window, { concurrency: 1 });
    window.retry(ofA ?? [], 500);
    window.advanceTo(9);
    window.giveBackUnsent();
    expect([window.size, window.checkpoint]).toEqual([1, { position: 1, open: [1] }]);
  });

  it('asks a sink that is down with one entry at a time: first with those of keys not tried yet, then in turn', () => {
    const window = windowOf('a', 'a', 'b', 'c');
    const probe = (now: number): number[] => sequencesOf(window.takeProbe(now)).flat();
    const asked: number[] = [];
    for (const now of [0, 10, 20, 30, 40, 50, 60, 70, 80]) {
      const [group] = window.takeProbe(now);
      if (group === undefined) continue;
      expect(probe(now)).toEqual([]);
      asked.push(...group.map(({ sequence }) => sequence));
      window.retry(group, now + 25);
      expect(window.hasUntried).toBe(asked.length < 3);
    }
    expect(asked).toEqual([1, 3, 4, 1, 3, 4, 1, 3, 4]);
    window.add(itemOf(5, 'a'));
    expect([window.hasUntried, probe(84)]).toEqual([false, []]);
    window.add(itemOf(6, 'd'));
    expect([window.hasUntried, probe(84)]).toEqual([true, [6]]);
  });

  it('sends the first of those that failed together alone, since it may be another one that fails', () => {
    const window = windowOf('a', 'a', 'a');
    window.retry(take(window, { groupSize: 3 })[0] ?? [], 0);
    const [first = []] = take(window, { groupSize: 3 });
    window.finish(first);
    expect(sequencesOf([first, ...take(window, { groupSize: 3 })])).toEqual([[1], [2, 3]]);
  });

  it('has room when nothing will get out of it by itself, however much waits', () => {
    const window = new DeliveryWindow<string>(0, { entries: 4, size: 1_000 });
    for (const sequence of [1, 2, 3]) window.add(itemOf(sequence, 'a'));
    expect([window.hasRoom, window.isFull]).toEqual([true, false]);
    const [group = []] = take(window);
    expect(window.hasRoom).toBe(false);
    window.retry(group, 500);
    expect(window.hasRoom).toBe(true);
    window.add(itemOf(4, 'b'));
    expect(window.isFull).toBe(true);
  });

  it('is full when its entries are large, and has room again when half of that is gone', () => {
    const window = new DeliveryWindow<string>(0, { entries: 100, size: 10 });
    const state = (): boolean[] => [window.isFull, window.hasRoom];
    window.restore(itemOf(1, 'a', 4));
    window.add(itemOf(2, 'b', 5));
    const [ofA = [], ofB = []] = take(window);
    expect(state()).toEqual([false, false]);
    window.add(itemOf(3, 'c', 9));
    expect(state()).toEqual([true, false]);
    window.finish(ofA);
    expect(state()).toEqual([true, false]);
    window.retry(ofB, 500);
    window.giveBackUnsent();
    expect([...state(), window.size]).toEqual([false, true, 1]);
  });

  it('lets go of what is withdrawn: at once, or when it comes back without having arrived', () => {
    const window = windowOf('a', 'a', 'b', 'c', 'c');
    const [ofA = [], ofB = [], ofC = []] = take(window, { groupSize: 2 });
    window.add(itemOf(6, 'a'));
    expect(window.withdraw((_item, sequence) => sequence !== 5).map(({ sequence }) => sequence)).toEqual([6]);
    expect(window.checkpoint.open).toEqual([1, 2, 3, 4, 5]);
    window.retry(ofA, 0);
    window.finish(ofB);
    window.separate(ofC);
    expect([window.checkpoint, window.hasRetries]).toEqual([{ position: 6, open: [5] }, false]);
  });

  it('delivers every event, each context in order, whatever fails', () => {
    const step = fc.record({
      ...{ pick: fc.nat(), fails: fc.boolean(), probes: fc.boolean() },
      groupSize: fc.integer({ min: 1, max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 20 }), fc.array(step), (keys, steps) => {
        const window = windowOf(...keys);
        const delivered: number[] = [];
        const onTheirWay: WindowEntry<string>[][] = [];
        const run = ({ groupSize, pick, fails, probes }: Step): void => {
          onTheirWay.push(...(probes ? window.takeProbe(0) : take(window, { concurrency: 2, groupSize })));
          const [group] = onTheirWay.splice(onTheirWay.length === 0 ? 0 : pick % onTheirWay.length, 1);
          if (group === undefined) return;
          if (fails) {
            window.retry(group, 0);
          } else {
            window.finish(group);
            delivered.push(...group.map(({ sequence }) => sequence));
          }
        };
        for (const each of steps) run(each);
        while (window.size > 0) run({ groupSize: 1, pick: 0, fails: false, probes: false });
        expect(delivered.toSorted((one, other) => one - other)).toEqual(keys.map((_, index) => index + 1));
        for (const key of new Set(keys)) {
          const ofKey = delivered.filter((sequence) => keys[sequence - 1] === key);
          expect(ofKey).toEqual(ofKey.toSorted((one, other) => one - other));
        }
      }),
    );
  });
});
