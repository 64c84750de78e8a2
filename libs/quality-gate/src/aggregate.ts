import { type Comparison } from '@keptn/event-models';

/** Where in the sorted values a percentile is. */
const PERCENTILES = { p50: 0.5, p90: 0.9, p95: 0.95 } as const;

/**
 * One value of several, in IEEE doubles and without rounding, as Keptn 0.7 computes it.
 *
 * @param values at least one
 */
export function aggregate(values: readonly number[], by: Comparison['aggregate']): number {
  switch (by) {
    case 'avg':
      return sumOf(values) / values.length;
    case 'unknown':
      return 0;
    default:
      return percentile(values, PERCENTILES[by]);
  }
}

function sumOf(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

/** Between two values, the position `p * (n + 1)`, counted from 1, is interpolated; outside of them the nearest counts. */
function percentile(values: readonly number[], p: number): number {
  if (values.length === 1) return values[0] ?? 0;
  const sorted = Float64Array.from(values).sort();
  const position = p * (sorted.length + 1);
  const below = Math.floor(position);
  const first = sorted[0] ?? 0;
  if (position < 1) return first;
  if (position >= sorted.length) return sorted.at(-1) ?? first;
  const lower = sorted[below - 1] ?? first;
  const upper = sorted[below] ?? lower;
  return lower + (position - below) * (upper - lower);
}
