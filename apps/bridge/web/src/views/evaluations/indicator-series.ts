import type { EvaluationReport, IndicatorRow } from '@keptn/api-models';

/** One indicator over all evaluations that are shown. */
export interface IndicatorSeries {
  readonly sli: string;
  /** Its name for people. */
  readonly name: string;
  /** For each evaluation, in their order; undefined where it was not asked for. */
  readonly rows: readonly (IndicatorRow | undefined)[];
}

/** What a criterion allows in one evaluation. */
export interface Limit {
  readonly criteria: string;
  readonly kind: 'pass' | 'warning';
  readonly value: number;
}

/**
 * The indicators in the order of the newest evaluation that has them.
 *
 * @param evaluations oldest first
 */
export function indicatorSeries(evaluations: readonly EvaluationReport[]): readonly IndicatorSeries[] {
  const names = new Map<string, string>();
  for (const { indicators } of evaluations.toReversed()) {
    for (const row of indicators) {
      if (!names.has(row.sli)) names.set(row.sli, nameOf(row));
    }
  }
  const bySli = evaluations.map(({ indicators }) => new Map(indicators.toReversed().map((row) => [row.sli, row])));
  return [...names].map(([sli, name]) => ({ sli, name, rows: bySli.map((rows) => rows.get(sli)) }));
}

const IS_RELATIVE = /^\s*(?:<=|>=|<|>|=)?\s*[+-]|%/;

/** What came of the criteria that were looked at; that is unknown without a value, and where they compare with earlier values without those. */
export const knownTargetsOf = ({ targets, base, value }: IndicatorRow): IndicatorRow['targets'] =>
  value === null ? [] : targets.filter(({ criteria }) => base !== null || !IS_RELATIVE.test(criteria));

/** What they allow. */
export const limitsOf = (row: IndicatorRow): readonly Limit[] =>
  knownTargetsOf(row).map(({ criteria, targetValue }) => ({
    criteria,
    kind: row.pass.some((block) => block.includes(criteria)) ? 'pass' : 'warning',
    value: targetValue,
  }));

/** Results of other lighthouses may have no name. */
export const nameOf = ({ displayName, sli }: IndicatorRow): string => displayName || sli || 'without name';
