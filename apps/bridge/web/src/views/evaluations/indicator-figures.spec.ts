import type { IndicatorRow } from '@keptn/api-models';
import { describe, expect, it } from 'vitest';
import { criteriaOf, pointsOf, valueOf } from './indicator-figures';

const row = (more: Partial<IndicatorRow>): IndicatorRow => ({
  ...{ sli: 'time', value: 1, status: 'pass', base: null, change: null, score: 1, weight: 1, isKeySli: false },
  ...{ pass: [['<=1000000']], warning: [], targets: [] },
  ...more,
});

describe('the figures of an indicator', () => {
  it.each([
    [1_000_000.4, true, '1000000.4', 'pass: <=1000000 (1000000, violated)'],
    [999_999.6, false, '999999.6', 'pass: <=1000000 (1000000, met)'],
  ])('show %d apart from what it is measured by', (value, violated, shown, criteria) => {
    const measured = row({ value, targets: [{ criteria: '<=1000000', targetValue: 1_000_000, violated }] });
    expect([valueOf(measured), ...criteriaOf(measured)]).toEqual([shown, criteria]);
  });

  it('say nothing of what came of a criterion without a value', () => {
    const targets = [{ criteria: '<=+10%', targetValue: 0, violated: true }];
    const missing = row({ value: null, base: 300, pass: [['<=+10%', '<600']], targets });
    expect([valueOf(missing), ...criteriaOf(missing)]).toEqual(['none', 'pass: <=+10% and <600']);
  });

  it('have no points for what only informs', () => {
    expect([pointsOf(row({})), pointsOf(row({ pass: [], score: 0 }))]).toEqual(['1 of 1', '–']);
  });
});
