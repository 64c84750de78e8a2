import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DeliveryWindow, type WindowEntry } from './delivery-window';

const windowOf = (...keys: string[]): DeliveryWindow<string> => {
  const window = new DeliveryWindow<string>(0, 100);
  keys.forEach((key, index) => {
    window.add(index + 1, key, `event ${index + 1}`);
  });
  return window;
};
const take = (
  window: DeliveryWindow<string>,
  options: { now?: number; concurrency?: number; groupSize?: number } = {},
) => window.take({ now: 0, concurrency: 10, groupSize: 1, ...options });
const sequencesOf = (groups: readonly (readonly WindowEntry<string>[])[]): number[][] =>
  groups.map((group) => group.map(({ sequence }) => sequence));

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

  it('delivers every event, each context in order, whatever fails', () => {
    const step = fc.record({ pick: fc.nat(), fails: fc.boolean(), groupSize: fc.integer({ min: 1, max: 3 }) });
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 20 }), fc.array(step), (keys, steps) => {
        const window = windowOf(...keys);
        const delivered: number[] = [];
        const onTheirWay: WindowEntry<string>[][] = [];
        const run = (groupSize: number, pick: number, fails: boolean): void => {
          onTheirWay.push(...take(window, { concurrency: 2, groupSize }));
          const [group] = onTheirWay.splice(onTheirWay.length === 0 ? 0 : pick % onTheirWay.length, 1);
          if (group === undefined) return;
          if (fails) {
            window.retry(group, 0);
          } else {
            window.finish(group);
            delivered.push(...group.map(({ sequence }) => sequence));
          }
        };
        for (const { pick, fails, groupSize } of steps) run(groupSize, pick, fails);
        while (window.size > 0) run(1, 0, false);
        expect(delivered.toSorted((one, other) => one - other)).toEqual(keys.map((_, index) => index + 1));
        for (const key of new Set(keys)) {
          const ofKey = delivered.filter((sequence) => keys[sequence - 1] === key);
          expect(ofKey).toEqual(ofKey.toSorted((one, other) => one - other));
        }
      }),
    );
  });
});
