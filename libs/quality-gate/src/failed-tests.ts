import { type Evaluation } from './evaluate';

/** The message of an evaluation that fails for its tests. */
export const FAILED_TESTS = "Setting evaluation result to 'fail' because of failed preceding test execution";

/** An evaluation, and why it comes to its result. */
export interface ExplainedEvaluation {
  readonly evaluation: Evaluation;
  readonly reasons: readonly string[];
}

/** Tests that failed make a verdict a fail; its score and indicators stay. Where none was possible there is nothing to change. */
export function withFailedTests({ evaluation, reasons }: ExplainedEvaluation): ExplainedEvaluation {
  if (evaluation.result === 'failed') return { evaluation, reasons };
  return {
    evaluation: { ...evaluation, result: 'fail', message: FAILED_TESTS },
    reasons: [...reasons, 'fail: the tests before the evaluation failed'],
  };
}
