import { type Slo } from '@keptn/event-models';
import { aggregate } from './aggregate';
import { type EarlierResult } from './earlier-results';
import { type IndicatorList } from './indicator-list';

const NOWHERE: readonly number[] = [];

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
  const found = valuesOf(sli, compared);
  return found.length === 0 ? undefined : aggregate(found, by);
}

/** In the order of the results. Most of the work of an evaluation, so it looks for the indicator once for results that share their list. */
function valuesOf(sli: string, compared: readonly EarlierResult[]): readonly number[] {
  const found: number[] = [];
  let last: IndicatorList | undefined;
  let positions = NOWHERE;
  for (const { indicators, values } of compared) {
    if (indicators !== last) positions = indicators.positions.get(sli) ?? NOWHERE;
    last = indicators;
    for (const position of positions) found.push(values[position] ?? 0);
  }
  return found;
}
