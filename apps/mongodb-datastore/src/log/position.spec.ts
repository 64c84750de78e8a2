import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dateOf,
  endOfMillisecond,
  type Instant,
  instantOf,
  pageKeyOf,
  positionAfter,
  positionAt,
  positionBehind,
  positionOf,
  positionOfPageKey,
  sequenceIn,
  startOfMillisecond,
} from './position';

const lastInstant = instantOf('9999-12-31T23:59:59.999999999-23:59') ?? 0n;
const instant = fc.bigInt({ min: 1_000_000n, max: lastInstant }).map((value) => value as Instant);
const sequence = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const place = fc.record({ instant, sequence });

const millisecond = (value: bigint): bigint => value / 1_000_000n;

const inOrder = (one: { instant: bigint; sequence: number }, other: { instant: bigint; sequence: number }): boolean =>
  millisecond(one.instant) < millisecond(other.instant) ||
  (millisecond(one.instant) === millisecond(other.instant) && one.sequence < other.sequence);

describe('positions', () => {
  it('sort as texts by millisecond and then by sequence number', () => {
    fc.assert(
      fc.property(place, place, (one, other) => {
        const before = positionOf(one.instant, one.sequence) < positionOf(other.instant, other.sequence);
        expect(before).toBe(inOrder(one, other));
      }),
    );
  });

  it('hold the sequence number', () => {
    fc.assert(fc.property(place, (event) => sequenceIn(positionOf(event.instant, event.sequence)) === event.sequence));
  });

  it('of a millisecond lie between its bounds, whatever nanosecond they have', () => {
    fc.assert(
      fc.property(place, fc.nat({ max: 999_999 }), fc.nat(), (event, nanoseconds, sequence) => {
        const position = positionOf(event.instant, event.sequence);
        const start = millisecond(event.instant) * 1_000_000n;
        const other = positionOf((start + BigInt(nanoseconds)) as Instant, sequence);
        expect(other > startOfMillisecond(position) && other < endOfMillisecond(position)).toBe(true);
        expect(positionOf((start - 1n) as Instant, sequence) < startOfMillisecond(position)).toBe(true);
        expect(positionOf((start + 1_000_000n) as Instant, sequence) > endOfMillisecond(position)).toBe(true);
      }),
    );
  });

  it('have bounds between which the events of a time are, by the millisecond', () => {
    fc.assert(
      fc.property(place, instant, (event, limit) => {
        const position = positionOf(event.instant, event.sequence);
        const start = millisecond(event.instant) * 1_000_000n;
        expect(position >= positionAfter(limit)).toBe(start > limit);
        expect(position < positionAt(limit)).toBe(start < limit);
      }),
    );
  });

  it('have nothing between themselves and what is behind them', () => {
    fc.assert(
      fc.property(place, place, (one, other) => {
        const position = positionOf(one.instant, one.sequence);
        expect(positionOf(other.instant, other.sequence) >= positionBehind(position)).toBe(inOrder(one, other));
      }),
    );
  });
});

describe('instants', () => {
  it.each([
    ['2020-01-01T00:00:00Z', '2020-01-01T02:00:00+02:00'],
    ['2020-01-01T00:00:00.5Z', '2020-01-01T00:00:00.500000000Z'],
    ['2020-01-01T00:00:00Z', '2020-01-01T00:00'],
  ])('are the same for %s and %s', (one, other) => {
    expect(instantOf(one)).toBe(instantOf(other));
  });

  it.each([
    '0000-01-01T00:00:00+23:59',
    '0001-01-01T00:00:00Z',
    '1969-12-31T23:59:59.999Z',
    '2020-02-29T12:00:00.123Z',
  ])('keep the milliseconds of %s', (text) => {
    const found = instantOf(text);
    expect(found).toBeGreaterThanOrEqual(0n);
    expect(dateOf(found ?? (0n as Instant)).getTime()).toBe(Date.parse(text));
  });

  it('are none for what is no date-time', () => {
    expect(['', 'today', '2020-13-01T00:00:00Z', '2020-01-01'].map(instantOf)).toEqual(Array(4).fill(undefined));
  });
});

describe('page keys', () => {
  it('lead back to their position', () => {
    fc.assert(
      fc.property(place, (event) => {
        const position = positionOf(event.instant, event.sequence);
        expect(positionOfPageKey(pageKeyOf(position))).toBe(position);
      }),
    );
  });

  it('are numbers that no client takes for a small offset', () => {
    fc.assert(
      fc.property(place, (event) => {
        const key = pageKeyOf(positionOf(event.instant, event.sequence));
        expect(BigInt(key)).toBeGreaterThan(2n ** 63n);
        expect(BigInt(key).toString()).toBe(key);
      }),
    );
  });

  it('are refused when nothing made them', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.nat().map(String), fc.bigInt().map(String)), (text) => {
        fc.pre(!/^1\d{37}$/.test(text));
        expect(positionOfPageKey(text)).toBeUndefined();
      }),
    );
    expect(positionOfPageKey(`1${'9'.repeat(37)}`)).toBeUndefined();
  });
});
