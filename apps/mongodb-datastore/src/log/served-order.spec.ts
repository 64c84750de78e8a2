import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Instant, type Position, positionOf, type SortOrder } from './position';
import { type Positioned, positionOfOffset, type Positions, readPage } from './served-order';

interface Entry extends Positioned {
  readonly millisecond: number;
  readonly sequence: number;
}

/** Few milliseconds for many entries, and each reader of a range sees at most `patience` of them at once. */
const entries = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 30 }).map((milliseconds) =>
  milliseconds.map((millisecond, sequence): Entry => {
    const position = positionOf(BigInt(millisecond * 1_000_000 + ((sequence * 7) % 13)) as Instant, sequence);
    return { millisecond, sequence, position };
  }),
);

const found = (all: readonly Entry[], patience: number): Positions<Entry> => {
  const inRange = (
    { from = '' as Position, until = '~' as Position }: { from?: Position; until?: Position },
    direction: string,
  ) =>
    all
      .filter(({ position }) => position >= from && position < until)
      .toSorted((one, other) => (one.position < other.position === (direction === 'ascending') ? -1 : 1));
  return {
    read: async (range, direction, limit) => {
      const inOrder = await Promise.resolve(inRange(range, direction));
      const end = Math.min(limit, patience);
      return { items: inOrder.slice(0, end), next: inOrder[end] };
    },
    at: (range, direction, skip) => Promise.resolve(inRange(range, direction)[skip]?.position),
    count: (range) => Promise.resolve(inRange(range, 'ascending').length),
  };
};

const served = (all: readonly Entry[], order: SortOrder): Entry[] =>
  all.toSorted((one, other) => {
    const byTime = order === 'newest first' ? other.millisecond - one.millisecond : one.millisecond - other.millisecond;
    return byTime === 0 ? one.sequence - other.sequence : byTime;
  });

const order = fc.constantFrom('newest first' as const, 'oldest first' as const);
const size = fc.integer({ min: 1, max: 12 });

describe('the order of answers', () => {
  it('is by millisecond, then by arrival, however the pages are cut', async () => {
    await fc.assert(
      fc.asyncProperty(entries, order, size, size, async (all, direction, limit, patience) => {
        const walked: Entry[] = [];
        let isCut = true;
        while (isCut) {
          const behind = walked.at(-1)?.position;
          const page = await readPage(found(all, patience), { order: direction, behind, limit });
          expect(page.items.length).toBeGreaterThan(page.isCut ? 0 : -1);
          walked.push(...page.items);
          ({ isCut } = page);
        }
        expect(walked).toEqual(served(all, direction));
      }),
    );
  });

  it('is what offsets count in', async () => {
    await fc.assert(
      fc.asyncProperty(entries, order, fc.integer({ min: 1, max: 32 }), async (all, direction, offset) => {
        const position = await positionOfOffset(found(all, Infinity), direction, offset);
        expect(position).toBe(served(all, direction)[offset - 1]?.position);
      }),
    );
  });
});
