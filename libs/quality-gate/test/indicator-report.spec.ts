import { parseSlo } from '@keptn/event-models';
import { describe, expect, it } from 'vitest';
import { earlierResult, evaluate, indicatorReports } from '../src/index';

const slo = parseSlo(`
comparison: {compare_with: several_results, number_of_comparison_results: 2}
objectives:
- {sli: time, displayName: Response time, weight: 2, key_sli: true, pass: [{criteria: ["<=+10%", "<600"]}], warning: [{criteria: ["<=800"]}]}
- {sli: missing, pass: [{criteria: [">0"]}]}
- {sli: hits}
total_score: {pass: 90}
`);

const earlier = [
  earlierResult('one', [
    ['time', 290],
    ['hits', 0],
  ]),
  earlierResult('two', [
    ['time', 310],
    ['hits', 0],
  ]),
  earlierResult('too old', [['time', 1]]),
];

describe('the report on an evaluation', () => {
  const values = [
    { metric: 'time', value: 330, success: true, query: 'histogram_quantile(…)' },
    { metric: 'hits', value: 5, success: true },
  ];
  const { indicatorResults } = evaluate({ slo, values, earlier });
  const reports = indicatorReports(slo, earlier.slice(0, 2), indicatorResults ?? []);

  it('has value, objective, base, change and points of each objective', () => {
    expect(reports[0]).toEqual({
      sli: 'time',
      displayName: 'Response time',
      status: 'pass',
      value: 330,
      query: 'histogram_quantile(…)',
      base: 300,
      change: 10,
      score: 2,
      weight: 2,
      isKeySli: true,
      pass: [['<=+10%', '<600']],
      warning: [['<=800']],
      targets: [
        { criteria: '<=+10%', targetValue: 330, violated: false },
        { criteria: '<600', targetValue: 600, violated: false },
      ],
    });
  });

  it('shows what has no value, and why', () => {
    expect(reports[1]).toMatchObject({
      ...{ sli: 'missing', status: 'fail', value: null, base: null, change: null },
      message: 'the SLI provider returned no value for it',
    });
  });

  it('gives no percentage of a base that is 0', () => {
    expect(reports[2]).toMatchObject({ sli: 'hits', status: 'info', value: 5, base: 0, change: null });
  });

  it('has a row for a result that no objective of the file explains', () => {
    const other = parseSlo('objectives: [{sli: other}]');
    expect(indicatorReports(other, [], indicatorResults ?? [])).toHaveLength(3);
  });
});
