import { parseSlo } from '@keptn/event-models';
import { describe, expect, it } from 'vitest';
import { earlierResult, explain, indicatorValuesOf } from '../src/index';

const slo = parseSlo(`
comparison:
  compare_with: single_result
  include_result_with_score: pass
objectives:
  - sli: response_time_p95
    displayName: Response time
    pass:
      - criteria: ["<=+10%", "<600"]
    warning:
      - criteria: ["<=800"]
  - sli: error_rate
    key_sli: true
    pass:
      - criteria: ["=0"]
  - sli: throughput
  - sli: memory
    pass:
      - criteria: ["600"]
total_score:
  pass: "90%"
  warning: "75%"
`);

const earlier = [earlierResult('the-last-one', [['response_time_p95', 300]])];

describe('the reasons of an evaluation', () => {
  it('say of each objective what was measured, what is allowed, and where the limit comes from', () => {
    const values = indicatorValuesOf([
      { metric: 'response_time_p95', value: 412, success: true },
      { metric: 'error_rate', value: 0, success: false, message: 'Prometheus cannot be reached' },
      { metric: 'throughput', value: 1234.5678901, success: true },
      { metric: 'memory', value: 1, success: true },
    ]);
    expect(explain({ slo, values, earlier })).toEqual([
      'warning: Response time is 412, allowed <= 800 (met), <= 330 = 300 of the last passed evaluation + 10 % (violated), ' +
        '< 600 (met)',
      'fail: error_rate has no value: Prometheus cannot be reached; it is a key SLI, so the evaluation fails',
      'throughput is 1234.57 (only informs)',
      'fail: memory is 1, allowed "600" (no criterion: an operator and a number are expected)',
      'fail: score 16.6667 of 100, pass from 90; key SLI error_rate failed',
    ]);
  });

  it.each([
    [1_000_000.4, 'fail: load is 1000000.4, allowed <= 1000000 (violated)'],
    [999_999.6, 'pass: load is 999999.6, allowed <= 1000000 (met)'],
  ])('show %d apart from the limit that it is measured by', (value, reason) => {
    const objective = parseSlo('objectives: [{ sli: load, pass: [{ criteria: ["<=1000000"] }] }]');
    const values = indicatorValuesOf([{ metric: 'load', value, success: true }]);
    expect(explain({ slo: objective, values, earlier: [] })[0]).toBe(reason);
  });

  it('are a line each, whatever a provider or a file says', () => {
    const reasons = explain({
      slo: { ...slo, objectives: slo.objectives.map((each) => ({ ...each, displayName: 'a\nname' })) },
      values: indicatorValuesOf([{ metric: 'error_rate', success: false, message: 'answered 500\n  at line 1\r\n' }]),
      earlier: [],
    });
    expect(reasons).toHaveLength(slo.objectives.length + 1);
    expect(reasons.join()).not.toMatch(/[\r\n]/);
    expect(reasons[1]).toContain('a name has no value: answered 500 at line 1');
  });

  it('say that there is nothing to compare with, and what a provider left out', () => {
    const reasons = explain({
      slo,
      values: indicatorValuesOf([{ metric: 'response_time_p95', value: 1, success: true }]),
      earlier: [],
    });
    expect(reasons.slice(0, 2)).toEqual([
      'pass: Response time is 1, allowed <=+10% (met: there is no earlier result to compare with), < 600 (met)',
      'fail: error_rate has no value: the SLI provider returned no value for it; it is a key SLI, so the evaluation fails',
    ]);
  });
});
