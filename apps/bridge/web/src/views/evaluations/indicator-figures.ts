import type { IndicatorRow } from '@keptn/api-models';
import { shownNumber } from '@keptn/quality-gate/shown-number';
import { shownChange } from '../../ui/number';
import { knownTargetsOf } from './indicator-series';

/** Never the same as a limit that it does not reach, or goes beyond. */
export const valueOf = (row: IndicatorRow): string =>
  row.value === null
    ? 'none'
    : shownNumber(
        row.value,
        knownTargetsOf(row).map(({ targetValue }) => targetValue),
      );

/** A limit beside the value of its indicator. */
export const limitOf = ({ value }: IndicatorRow, limit: number): string =>
  shownNumber(limit, value === null ? [] : [value]);

/** What it was compared with. */
export const comparisonOf = ({ base, change }: IndicatorRow): string => {
  if (base === null) return 'nothing';
  return change === null ? shownNumber(base) : `${shownNumber(base)} (${shownChange(change)})`;
};

/** What only informs has no part in the score. */
export const pointsOf = ({ pass, score, weight }: IndicatorRow): string =>
  pass.length === 0 ? '–' : `${shownNumber(score)} of ${shownNumber(weight)}`;

/** A line for each block of criteria. Those of which the outcome is known come with it, the others as they are in the file. */
export function criteriaOf(row: IndicatorRow): readonly string[] {
  const known = new Map(knownTargetsOf(row).map((target) => [target.criteria, target]));
  const textOf = (criteria: string): string => {
    const target = known.get(criteria);
    if (target === undefined) return criteria;
    return `${criteria} (${limitOf(row, target.targetValue)}, ${target.violated ? 'violated' : 'met'})`;
  };
  return (['pass', 'warning'] as const).flatMap((kind) =>
    row[kind].map((block) => `${kind}: ${block.map(textOf).join(' and ')}`),
  );
}
