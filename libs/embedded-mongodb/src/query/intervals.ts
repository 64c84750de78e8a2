import { successor } from '../keys/key-encoding';

/** Encoded values from `low` up to, not including, `high` (undefined: no end). */
export interface Interval {
  readonly low: Buffer;
  readonly high: Buffer | undefined;
  /** True when exactly one value lies in it, whose encoding is `low`. */
  readonly point: boolean;
}

/** The interval of one encoded value. */
export function pointInterval(encoded: Buffer): Interval {
  return { low: encoded, high: successor(encoded), point: true };
}

/** The interval of everything that starts with these bytes. */
export function prefixInterval(prefix: Buffer): Interval {
  return { low: prefix, high: successor(prefix), point: false };
}

/** Orders interval ends, where undefined is above everything. */
function compareHighs(left: Buffer | undefined, right: Buffer | undefined): number {
  if (left === undefined || right === undefined) return Number(left === undefined) - Number(right === undefined);
  return Buffer.compare(left, right);
}

function isEmpty(interval: Interval): boolean {
  return interval.high !== undefined && Buffer.compare(interval.low, interval.high) >= 0;
}

/** The values that lie in both sets of intervals. */
export function intersect(left: readonly Interval[], right: readonly Interval[]): readonly Interval[] {
  const common: Interval[] = [];
  for (const a of left) {
    for (const b of right) {
      const low = Buffer.compare(a.low, b.low) >= 0 ? a.low : b.low;
      const high = compareHighs(a.high, b.high) <= 0 ? a.high : b.high;
      const interval = { low, high, point: a.point || b.point };
      if (!isEmpty(interval)) common.push(interval);
    }
  }
  return union(common);
}

/** The same values as disjoint intervals in ascending order. */
export function union(intervals: readonly Interval[]): readonly Interval[] {
  const sorted = [...intervals].sort((a, b) => Buffer.compare(a.low, b.low) || compareHighs(a.high, b.high));
  const merged: Interval[] = [];
  for (const next of sorted) {
    const last = merged.at(-1);
    if (last === undefined || (last.high !== undefined && Buffer.compare(next.low, last.high) >= 0)) {
      merged.push(next);
    } else if (compareHighs(next.high, last.high) > 0 || (last.point && !next.point)) {
      const high = compareHighs(next.high, last.high) > 0 ? next.high : last.high;
      merged[merged.length - 1] = { low: last.low, high, point: false };
    }
  }
  return merged;
}

/** The intervals of the complemented encodings, which lie in the opposite order. */
export function complement(intervals: readonly Interval[]): readonly Interval[] {
  return intervals
    .map(({ low, high, point }) => {
      if (point) return pointInterval(inverted(low));
      // x < high means that ~x lies above everything that starts with ~high, and low <= x that ~x may start with ~low.
      const from = high === undefined ? Buffer.alloc(0) : (successor(inverted(high)) ?? Buffer.from([0xff]));
      return { low: from, high: successor(inverted(low)), point: false };
    })
    .reverse();
}

function inverted(bytes: Buffer): Buffer {
  return Buffer.from(bytes.map((byte) => byte ^ 0xff));
}
