import { type Comparison, type Slo } from '@keptn/event-models';
import {
  type EarlierResult,
  evaluate,
  type Evaluation,
  type EvaluationInput,
  explain,
  FAILED_TESTS,
  type IndicatorReport,
  indicatorReports,
  withFailedTests,
} from '@keptn/quality-gate';
import { type StoredEvaluation } from '../evaluation-report/stored-evaluation';

/** What a stored evaluation would have come to. */
export interface PreviewedVerdict {
  readonly evaluation: StoredEvaluation;
  readonly result: Evaluation['result'];
  readonly score: number;
  readonly reasons: readonly string[];
  readonly indicators: IndicatorReport[];
}

/** An evaluation with its values. */
export interface EvaluatedValues {
  readonly evaluation: StoredEvaluation;
  readonly values: EarlierResult;
}

interface Simulated {
  readonly result: Evaluation['result'];
  readonly values: EarlierResult;
}

const COUNTS: Readonly<Record<Comparison['include'], ReadonlySet<string> | undefined>> = {
  all: undefined,
  pass: new Set(['pass']),
  pass_or_warn: new Set(['pass', 'warning']),
};

/**
 * Evaluates the values of stored evaluations by another SLO file: each is compared with those before it, as they come out by this
 * file and not as they once did.
 *
 * @param stored newest first
 * @returns newest first
 */
export function previewedVerdicts(slo: Slo, stored: readonly EvaluatedValues[]): readonly PreviewedVerdict[] {
  const past: Simulated[] = [];
  const verdicts = stored.toReversed().map(({ evaluation, values }) => {
    const verdict = verdictOn(evaluation, {
      slo,
      values: measured(evaluation),
      earlier: earlierOf(past, slo.comparison),
    });
    past.unshift({ result: verdict.result, values });
    return verdict;
  });
  return verdicts.toReversed();
}

const measured = ({ indicatorResults }: StoredEvaluation): EvaluationInput['values'] =>
  indicatorResults.map(({ value }) => value);

function earlierOf(past: readonly Simulated[], { include, results }: Comparison): readonly EarlierResult[] {
  const counting = COUNTS[include];
  return past
    .filter(({ result }) => counting?.has(result) ?? true)
    .slice(0, Math.max(results, 0))
    .map(({ values }) => values);
}

function verdictOn(stored: StoredEvaluation, input: EvaluationInput): PreviewedVerdict {
  const evaluation = evaluate(input);
  const { result, score, indicatorResults } =
    stored.message === FAILED_TESTS ? withFailedTests(evaluation) : evaluation;
  const indicators = indicatorReports(input.slo, input.earlier, indicatorResults ?? []);
  return { evaluation: stored, result, score, reasons: explain(input), indicators };
}
