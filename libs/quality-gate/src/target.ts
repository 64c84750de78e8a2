import { type Criterion, parseCriterion } from '@keptn/event-models';
import { type TargetResult } from './indicator-result';
import { type IndicatorValue } from './indicator-values';

/** A target and what led to it. */
export interface ExplainedTarget extends Pick<TargetResult, 'criteria' | 'targetValue' | 'violated'> {
  /** Undefined for a text that is no criterion. */
  readonly criterion: Criterion | undefined;
}

function holds(operator: Criterion['operator'], value: number, limit: number): boolean {
  switch (operator) {
    case '<=':
      return value <= limit;
    case '<':
      return value < limit;
    case '=':
      return value === limit;
    case '>=':
      return value >= limit;
    case '>':
      return value > limit;
  }
}

/** `null` for texts that are no criteria. */
const parsed = new Map<string, Criterion | null>();
/** Far more than the SLO files of an installation hold. */
const MOST_PARSED = 10_000;

/** Criteria repeat from evaluation to evaluation; reading one costs as much as evaluating it. */
function criterionOf(text: string): Criterion | undefined {
  const known = parsed.get(text);
  if (known !== undefined) return known ?? undefined;
  if (parsed.size >= MOST_PARSED) parsed.clear();
  const criterion = parseCriterion(text);
  parsed.set(text, criterion ?? null);
  return criterion;
}

/** @param base the value of earlier results, undefined when there is none */
export function targetOf(criteria: string, value: IndicatorValue, base: number | undefined): ExplainedTarget {
  const criterion = criterionOf(criteria);
  if (criterion === undefined || !value.success) return { criteria, targetValue: 0, violated: true, criterion };
  if (criterion.isRelative && base === undefined) return { criteria, targetValue: 0, violated: false, criterion };
  const limit = limitOf(criterion, base ?? 0);
  const violated = !holds(criterion.operator, value.value, limit);
  return { criteria, targetValue: forJson(limit), violated, criterion };
}

function limitOf({ value, isRelative, isPercentage, isIncrease }: Criterion, base: number): number {
  if (!isRelative) return value;
  if (!isPercentage) return isIncrease ? base + value : base - value;
  return (base * (isIncrease ? 100 + value : 100 - value)) / 100;
}

/** JSON has no infinity; `<inf` is a criterion all the same. */
function forJson(limit: number): number {
  if (Number.isNaN(limit)) return 0;
  return Math.min(Math.max(limit, -Number.MAX_VALUE), Number.MAX_VALUE);
}
