import { type Evaluation } from './evaluate';

/** The message of an evaluation that fails for its tests. */
export const FAILED_TESTS = "Setting evaluation result to 'fail' because of failed preceding test execution";

/** Tests that failed make an evaluation fail; its score and indicators stay. */
export function withFailedTests(evaluation: Evaluation): Evaluation {
  return { ...evaluation, result: 'fail', message: FAILED_TESTS };
}
