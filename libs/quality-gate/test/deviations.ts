const MISSING = 'the SLI provider returned no value for it';

/** An objective whose indicator the provider left out, as it is shown now. */
const missing = (metric: string, targets: readonly string[]) => ({
  score: 0,
  status: 'fail',
  value: { metric, value: 0, success: false, message: MISSING },
  targets: targets.map((criteria) => ({ criteria, targetValue: 0, violated: true })),
});

const unparsable = {
  result: 'failed',
  evaluationdetails: {
    result: 'Could not parse SLO file for service carts in stage staging in project sockshop',
    score: 0,
    indicatorResults: null,
  },
};

/**
 * Vectors whose outcome was a defect of the original, and what comes out instead; docs/reference/slo.md gives the reasons.
 */
export const DEVIATIONS: ReadonlyMap<string, object> = new Map<string, object>([
  [
    'E08',
    {
      result: 'fail',
      evaluationdetails: { score: 50, indicatorResults: [{ status: 'pass' }, missing('error_rate', ['<5'])] },
    },
  ],
  [
    'E09',
    {
      result: 'fail',
      evaluationdetails: { score: 90, indicatorResults: [{ status: 'pass' }, missing('error_rate', ['<5'])] },
    },
  ],
  [
    'E65',
    {
      result: 'fail',
      evaluationdetails: { score: 0, indicatorResults: [missing('response_time_p95', ['<=800', '<=+10%', '<600'])] },
    },
  ],
  ['E72', unparsable],
  ['E73', unparsable],
  ['E74', { result: 'pass', evaluationdetails: { score: 100, comparedEvents: null } }],
  ['E75', { result: 'pass', evaluationdetails: { score: 100, comparedEvents: null } }],
]);
