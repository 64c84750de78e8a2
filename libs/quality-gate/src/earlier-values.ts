import { type Slo } from '@keptn/event-models';
import { aggregate } from './aggregate';
import { type EarlierResult } from './earlier-results';

const NONE: readonly number[] = [];

/**
 * What a value of an indicator is compared with.
 *
 * @param compared the earlier results that count
 * @returns undefined when none of them has a value of the indicator
 */
export function baseOf(
  sli: string,
  compared: readonly EarlierResult[],
  by: Slo['comparison']['aggregate'],
): number | undefined {
  const earlier: number[] = [];
  for (const { values } of compared) {
    for (const value of values.get(sli) ?? NONE) earlier.push(value);
  }
  return earlier.length === 0 ? undefined : aggregate(earlier, by);
}
