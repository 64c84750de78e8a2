import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BodyBudget } from './body-budget';

const BUDGET = 100;

/** A budget, and who has begun. */
const observed = () => {
  const budget = new BodyBudget(BUDGET);
  const begun: string[] = [];
  return { begun, enter: (name: string, bytes: number) => budget.enter(bytes, () => begun.push(name)) };
};

describe('bodies within a budget', () => {
  it('begin at once while there is room, and wait for room in their order', () => {
    const { begun, enter } = observed();
    const leaveFirst = enter('first', 60);
    enter('second', 50);
    enter('third', 10);
    expect(begun).toEqual(['first']);
    leaveFirst();
    expect(begun).toEqual(['first', 'second', 'third']);
  });

  it('let the next one pass when one gives up waiting', () => {
    const { begun, enter } = observed();
    enter('first', 60);
    const giveUp = enter('second', 50);
    enter('third', 40);
    giveUp();
    expect(begun).toEqual(['first', 'third']);
  });

  it('are never more than the budget, and all of them begin in the end', () => {
    const sizes = fc.array(fc.record({ bytes: fc.integer({ min: 1, max: BUDGET }), next: fc.nat() }), { minLength: 1 });
    fc.assert(
      fc.property(sizes, (bodies) => {
        const budget = new BodyBudget(BUDGET);
        const present = new Set<(typeof visits)[number]>();
        const visits = bodies.map(({ bytes, next }) => ({ bytes, next, leave: () => {} }));
        for (const visit of visits) {
          visit.leave = budget.enter(visit.bytes, () => present.add(visit));
        }
        for (const { next } of bodies) {
          expect([...present].reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(BUDGET);
          const leaving = [...present].at(next % present.size);
          if (leaving === undefined) throw new Error('everybody waits');
          present.delete(leaving);
          leaving.leave();
        }
        expect(present.size).toBe(0);
      }),
    );
  });
});
