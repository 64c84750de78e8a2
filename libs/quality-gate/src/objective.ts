import { type CriteriaBlock, type Objective } from '@keptn/event-models';
import { type IndicatorResult, type IndicatorStatus, type TargetResult } from './indicator-result';
import { type IndicatorValue, isMissing, missingValue } from './indicator-values';
import { type ExplainedTarget, targetOf } from './target';

export interface ObjectiveResult {
  readonly objective: Objective;
  readonly result: IndicatorResult;
  readonly targets: readonly ExplainedTarget[];
  /** What the value was compared with, undefined without earlier values. */
  readonly base: number | undefined;
}

interface Blocks {
  readonly hold: boolean;
  readonly targets: ExplainedTarget[];
}

/** A warning counts half. */
const WARNING_FACTOR = 0.5;

/** @param given undefined when the provider gave no value */
export function evaluateObjective(
  objective: Objective,
  given: IndicatorValue | undefined,
  base: number | undefined,
): ObjectiveResult {
  const value = given ?? missingValue(objective.sli);
  const { status, targets } = outcomeOf(objective, value, base);
  const result = {
    score: scoreOf(status, objective.weight),
    value,
    targets: targets.length === 0 ? null : targets.map(shownTarget),
    status,
  };
  return { objective, result, targets, base };
}

const shownTarget = ({ criteria, targetValue, violated }: ExplainedTarget): TargetResult => ({
  criteria,
  targetValue,
  violated,
});

function outcomeOf(
  { pass, warning }: Objective,
  value: IndicatorValue,
  base: number | undefined,
): { readonly status: IndicatorStatus; readonly targets: readonly ExplainedTarget[] } {
  if (pass.length === 0) return { status: 'info', targets: [] };
  // Without criteria a block holds with any value, but not where nothing was answered.
  const isAnswered = !isMissing(value);
  const passing = evaluateBlocks(pass, value, base);
  if (passing.hold && isAnswered) return { status: 'pass', targets: passing.targets };
  const warned = evaluateBlocks(warning, value, base);
  return { status: warned.hold && isAnswered ? 'warning' : 'fail', targets: warned.targets.concat(passing.targets) };
}

/** One block has to hold, with all of its criteria. Loops, since this is most of the work of an evaluation. */
function evaluateBlocks(blocks: readonly CriteriaBlock[], value: IndicatorValue, base: number | undefined): Blocks {
  const targets: ExplainedTarget[] = [];
  let hold = false;
  for (const { criteria } of blocks) {
    let blockHolds = true;
    for (const text of criteria) {
      const target = targetOf(text, value, base);
      targets.push(target);
      if (target.violated) blockHolds = false;
    }
    if (blockHolds) hold = true;
  }
  return { hold, targets };
}

function scoreOf(status: IndicatorStatus, weight: number): number {
  if (status === 'pass') return weight;
  return status === 'warning' ? WARNING_FACTOR * weight : 0;
}
