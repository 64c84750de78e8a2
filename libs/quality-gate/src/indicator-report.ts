import { type CriteriaBlock, type Objective, type Slo } from '@keptn/event-models';
import { type EarlierResult } from './earlier-results';
import { baseOf } from './earlier-values';
import { type IndicatorResult, type IndicatorStatus, type TargetResult } from './indicator-result';

/** An objective and what became of it, as a row of a table for people. */
export interface IndicatorReport {
  readonly sli: string;
  readonly displayName?: string;
  readonly status: IndicatorStatus;
  /** `null` without a value; then `message` says why. */
  readonly value: number | null;
  readonly message?: string;
  /** What was asked of the monitoring tool, when the provider says so. */
  readonly query?: string;
  /** What the value was compared with, `null` without earlier values. */
  readonly base: number | null;
  /** From the base to the value, in percent of the base; `null` without either, or when the base is 0. */
  readonly change: number | null;
  readonly score: number;
  readonly weight: number;
  readonly isKeySli: boolean;
  /** Blocks of criteria: in one of them all have to hold. */
  readonly pass: string[][];
  readonly warning: string[][];
  readonly targets: TargetResult[];
}

const PERCENT = 100;

/**
 * @param slo by which was evaluated
 * @param compared the earlier results that the evaluation was compared with
 * @param results of the evaluation; one for each objective, in their order
 */
export function indicatorReports(
  { objectives, comparison }: Pick<Slo, 'objectives' | 'comparison'>,
  compared: readonly EarlierResult[],
  results: readonly IndicatorResult[],
): IndicatorReport[] {
  return results.map((result, index) => {
    const { metric } = result.value;
    const sameRow = objectives[index];
    const objective = sameRow?.sli === metric ? sameRow : objectives.find(({ sli }) => sli === metric);
    return reportOf(result, objective ?? withoutCriteria(metric), baseOf(metric, compared, comparison.aggregate));
  });
}

/** A result that no objective of the file explains still has its row. */
const withoutCriteria = (sli: string): Objective => ({ sli, pass: [], warning: [], weight: 1, isKeySli: false });

function reportOf(
  { value: measured, status, score, targets }: IndicatorResult,
  { sli, displayName, weight, isKeySli, pass, warning }: Objective,
  base: number | undefined,
): IndicatorReport {
  const { message, query } = measured;
  const value = measured.success ? measured.value : null;
  return {
    sli,
    ...(displayName !== undefined && { displayName }),
    status,
    value,
    ...(message !== undefined && { message }),
    ...(query !== undefined && { query }),
    base: base ?? null,
    change: changeOf(value, base),
    score,
    weight,
    isKeySli,
    pass: pass.map(textsOf),
    warning: warning.map(textsOf),
    targets: [...(targets ?? [])],
  };
}

const textsOf = ({ criteria }: CriteriaBlock): string[] => [...criteria];

function changeOf(value: number | null, base: number | undefined): number | null {
  if (value === null || base === undefined || base === 0) return null;
  const change = (PERCENT * (value - base)) / Math.abs(base);
  return Number.isFinite(change) ? change : null;
}
