import { parseSlo } from '@keptn/event-models';
import { ExactNumber } from '@keptn/event-models/json';
import { describe, expect, it } from 'vitest';
import { evaluate, explain, FAILED_TESTS, indicatorValuesOf, withFailedTests } from '../src/index';

const TOTAL = 'total_score: {pass: 90, warning: 40}';

const evaluation = (slo: string, values: unknown) => ({
  slo: parseSlo(slo),
  values: indicatorValuesOf(values),
  earlier: [],
});

describe('an indicator that nobody answered', () => {
  it.each([
    ['pass: [{criteria: []}]', 'fail'],
    ['pass: [{}]', 'fail'],
    ['pass: [{criteria: ["<5"]}], warning: [{criteria: []}]', 'fail'],
  ])('fails the gate with %s, however little is asked of it', (criteria, status) => {
    const slo = `objectives: [{sli: a, ${criteria}, key_sli: true}]\n${TOTAL}`;
    for (const values of [[], null, undefined]) {
      expect(evaluate(evaluation(slo, values))).toMatchObject({
        result: 'fail',
        score: 0,
        indicatorResults: [{ status }],
      });
    }
  });

  it('is another thing than one that the provider says has no value', () => {
    const slo = `objectives: [{sli: a, pass: [{criteria: []}]}]\n${TOTAL}`;
    expect(evaluate(evaluation(slo, [{ metric: 'a', success: false, message: 'no data' }]))).toMatchObject({
      result: 'pass',
      score: 100,
    });
  });
});

describe('failed tests', () => {
  const explained = (slo: string) => {
    const input = evaluation(slo, [{ metric: 'a', value: 1, success: true }]);
    return withFailedTests({ evaluation: evaluate(input), reasons: explain(input) });
  };

  it('make a pass a fail, and say so', () => {
    const { evaluation: failed, reasons } = explained(`objectives: [{sli: a, pass: [{criteria: ["<5"]}]}]\n${TOTAL}`);
    expect(failed).toMatchObject({ result: 'fail', message: FAILED_TESTS, score: 100 });
    expect(reasons.at(-1)).toBe('fail: the tests before the evaluation failed');
  });

  it.each([
    ['objectives: [{sli: a, pass: [{criteria: ["<5"]}]}]', 'no target score defined'],
    [
      `comparison: {compare_with: several_results, number_of_comparison_results: 101}\n${TOTAL}`,
      'could not retrieve previous evaluation-done events',
    ],
  ])('change nothing where no verdict was possible: %s', (slo, message) => {
    const { evaluation: failed, reasons } = explained(slo);
    expect(failed).toMatchObject({ result: 'failed', message, score: 0 });
    expect(reasons.join()).not.toContain('tests');
  });
});

describe('the value of an indicator', () => {
  it('counts, however it is spelled', () => {
    const spelled = (value: string) =>
      indicatorValuesOf([{ metric: 'a', value: new ExactNumber(value), success: true }])[0];
    expect(spelled('500.0')).toMatchObject({ value: 500, success: true });
    expect(spelled('123456789012345678')).toMatchObject({ value: 123456789012345680, success: true });
    expect(spelled('1e400')).toMatchObject({ success: false, message: 'the value is not a finite number' });
  });
});
