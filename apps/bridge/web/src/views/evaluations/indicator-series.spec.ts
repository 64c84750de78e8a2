import type { EvaluationReport, IndicatorRow } from '@keptn/api-models';
import { describe, expect, it } from 'vitest';
import { indicatorSeries, limitsOf } from './indicator-series';

const row = (sli: string, value: number, more: Partial<IndicatorRow> = {}): IndicatorRow => ({
  ...{ sli, value, status: 'pass', base: null, change: null, score: 1, weight: 1, isKeySli: false },
  ...{ pass: [['<=600']], warning: [['<=800']], targets: [] },
  ...more,
});

const evaluation = (id: string, ...indicators: IndicatorRow[]): EvaluationReport => ({
  ...{ id, keptnContext: id, time: '', start: '', end: '', project: 'sockshop', stage: 'dev', service: 'carts' },
  ...{ labels: {}, result: 'pass', score: 100, reasons: [], indicators, message: '', comparedEvents: [] },
});

describe('the indicators of several evaluations', () => {
  it('come in the order of the newest one, and those that are no longer asked for after them', () => {
    const series = indicatorSeries([
      evaluation('1', row('old', 1), row('time', 2)),
      evaluation('2', row('time', 3, { displayName: 'Response time' }), row('rate', 4)),
    ]);
    expect(series.map(({ name, rows }) => [name, ...rows.map((each) => each?.value)])).toEqual([
      ['Response time', 2, 3],
      ['rate', undefined, 4],
      ['old', 1, undefined],
    ]);
  });

  it('are one series under one name, however often an evaluation has it', () => {
    expect(indicatorSeries([evaluation('1', row('time', 1), row('time', 2))])).toMatchObject([
      { sli: 'time', rows: [{ value: 1 }] },
    ]);
  });
});

describe('the limits of an indicator', () => {
  const targets = [
    { criteria: '<=800', targetValue: 800, violated: false },
    { criteria: '<=+10%', targetValue: 0, violated: false },
  ];

  it('say which criterion allows what', () => {
    const { pass: _pass, ...rest } = row('time', 1, { targets, base: 300 });
    expect(limitsOf({ ...rest, pass: [['<=+10%']] })).toEqual([
      { criteria: '<=800', kind: 'warning', value: 800 },
      { criteria: '<=+10%', kind: 'pass', value: 0 },
    ]);
  });

  it('are unknown for a criterion that compares, without anything to compare with', () => {
    expect(limitsOf(row('time', 1, { targets })).map(({ criteria }) => criteria)).toEqual(['<=800']);
    expect(limitsOf(row('time', 1, { targets, value: null }))).toEqual([]);
  });
});
