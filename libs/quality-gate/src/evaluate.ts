import { type Slo } from '@keptn/event-models';
import { type EarlierResult } from './earlier-results';
import { baseOf } from './earlier-values';
import { type IndicatorResult } from './indicator-result';
import { type IndicatorValue } from './indicator-values';
import { notEvaluated } from './not-evaluated';
import { evaluateObjective, type ObjectiveResult } from './objective';
import { reasonsOf } from './reasons';
import { verdictOn } from './total-score';

/** The event log answers at most this many earlier results. */
export const MOST_EARLIER_RESULTS = 100;

export interface EvaluationInput {
  readonly slo: Slo;
  /** Of several values of an indicator the first counts. */
  readonly values: readonly IndicatorValue[];
  /** Newest first; those beyond `slo.comparison.results` are not looked at. */
  readonly earlier: readonly EarlierResult[];
}

export interface Evaluation {
  /** `failed` says that no verdict was possible, the others are verdicts. */
  readonly result: 'pass' | 'warning' | 'fail' | 'failed';
  /** The result once more, or why there is none, in the words of Keptn 0.7. */
  readonly message: string;
  /** 0 to 100 unless weights are negative; not rounded. */
  readonly score: number;
  readonly indicatorResults: readonly IndicatorResult[] | null;
  /** Ids of the earlier results, whether or not they had a value that counted. */
  readonly comparedEvents: readonly string[] | null;
}

/** Never throws: every SLO and every values have a verdict, or a message that says why not. */
export function evaluate(input: EvaluationInput): Evaluation {
  if (!isComparable(input.slo)) return notEvaluated('failed', 'could not retrieve previous evaluation-done events');
  const compared = comparedOf(input);
  const results = resultsOf(input, compared);
  const verdict = verdictOn(results, input.slo);
  if (verdict.result === 'failed') return notEvaluated('failed', verdict.message);
  return {
    result: verdict.result,
    message: verdict.result,
    score: verdict.score,
    indicatorResults: nullWhenEmpty(results.map(({ result }) => result)),
    comparedEvents: nullWhenEmpty(compared.map(({ id }) => id)),
  };
}

/** Why {@link evaluate} comes to its result: a sentence for each objective, and one for the whole. */
export function explain(input: EvaluationInput): readonly string[] {
  const { comparison } = input.slo;
  if (!isComparable(input.slo)) {
    const limits = `from 1 to ${MOST_EARLIER_RESULTS}`;
    return [`failed: comparison.number_of_comparison_results is ${comparison.results}, but must be ${limits}`];
  }
  const compared = comparedOf(input);
  const results = resultsOf(input, compared);
  return reasonsOf(results, verdictOn(results, input.slo), comparison, compared.length);
}

const isComparable = ({ comparison: { results } }: Slo): boolean => results >= 1 && results <= MOST_EARLIER_RESULTS;

const comparedOf = ({ slo, earlier }: EvaluationInput): readonly EarlierResult[] =>
  earlier.slice(0, slo.comparison.results);

function resultsOf({ slo, values }: EvaluationInput, compared: readonly EarlierResult[]): readonly ObjectiveResult[] {
  const found = firstOfEach(values);
  return slo.objectives.map((objective) =>
    evaluateObjective(objective, found.get(objective.sli), baseOf(objective.sli, compared, slo.comparison.aggregate)),
  );
}

/** As Go writes a list that nothing was added to. */
const nullWhenEmpty = <Item>(items: readonly Item[]): readonly Item[] | null => (items.length === 0 ? null : items);

function firstOfEach(values: readonly IndicatorValue[]): ReadonlyMap<string, IndicatorValue> {
  const found = new Map<string, IndicatorValue>();
  for (const value of values) if (!found.has(value.metric)) found.set(value.metric, value);
  return found;
}
