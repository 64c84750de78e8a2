import { type Comparison, type Slo } from '@keptn/event-models';
import {
  type EarlierResult,
  evaluate,
  type Evaluation,
  type EvaluationInput,
  explain,
  type IndicatorReport,
  indicatorReports,
  withFailedTests,
} from '@keptn/quality-gate';

/** What an evaluation would come to. */
export interface PreviewedVerdict<Subject> {
  readonly subject: Subject;
  readonly result: Evaluation['result'];
  readonly score: number;
  readonly reasons: readonly string[];
  readonly indicators: IndicatorReport[];
}

/** Values that are evaluated, and what later ones are compared with. */
export interface MeasuredValues<Subject> {
  readonly subject: Subject;
  readonly values: EvaluationInput['values'];
  readonly asEarlier: EarlierResult;
  readonly testsFailed: boolean;
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
 * Evaluates values by an SLO file: each is compared with those before it, as they come out by this file.
 *
 * @param measured newest first
 * @returns newest first
 */
export function previewedVerdicts<Subject>(
  slo: Slo,
  measured: readonly MeasuredValues<Subject>[],
): readonly PreviewedVerdict<Subject>[] {
  const past: Simulated[] = [];
  const verdicts = measured.toReversed().map((each) => {
    const verdict = verdictOn(each, { slo, values: each.values, earlier: earlierOf(past, slo.comparison) });
    past.unshift({ result: verdict.result, values: each.asEarlier });
    return verdict;
  });
  return verdicts.toReversed();
}

function earlierOf(past: readonly Simulated[], { include, results }: Comparison): readonly EarlierResult[] {
  const counting = COUNTS[include];
  return past
    .filter(({ result }) => counting?.has(result) ?? true)
    .slice(0, Math.max(results, 0))
    .map(({ values }) => values);
}

function verdictOn<Subject>(
  { subject, testsFailed }: MeasuredValues<Subject>,
  input: EvaluationInput,
): PreviewedVerdict<Subject> {
  const explained = { evaluation: evaluate(input), reasons: explain(input) };
  const { evaluation, reasons } = testsFailed ? withFailedTests(explained) : explained;
  const { result, score, indicatorResults } = evaluation;
  const indicators = indicatorReports(input.slo, input.earlier, indicatorResults ?? []);
  return { subject, result, score, reasons, indicators };
}
