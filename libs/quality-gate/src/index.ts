/**
 * Quality gates: an SLO file, the values of its indicators and earlier results make a verdict, a score, and reasons in words. Pure
 * functions; whoever calls them fetches files, values and earlier results, and stores what comes out.
 */
export { aggregate } from './aggregate';
export { earlierResult, earlierResultOf, type EarlierResult } from './earlier-results';
export { evaluate, explain, type Evaluation, type EvaluationInput, MOST_EARLIER_RESULTS } from './evaluate';
export { type IndicatorResult, type IndicatorStatus, type TargetResult } from './indicator-result';
export { type IndicatorReport, indicatorReports } from './indicator-report';
export { type IndicatorValue, indicatorValuesOf } from './indicator-values';
export { evaluationDoneOf, type EvaluationSubject } from './evaluation-done';
export { notEvaluated } from './not-evaluated';
export { oneLine } from './reasons';
export { FAILED_TESTS, withFailedTests } from './failed-tests';
