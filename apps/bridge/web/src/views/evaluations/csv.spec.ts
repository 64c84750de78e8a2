import type { EvaluationReport } from '@keptn/api-models';
import { describe, expect, it } from 'vitest';
import { csvOf } from './csv';

describe('evaluations as CSV', () => {
  it('are a line for each indicator, of which no spreadsheet makes a formula', () => {
    const evaluation: EvaluationReport = {
      ...{ id: '1', keptnContext: '', time: '2020-11-23T10:15:30.123Z', start: '', end: '', labels: {}, message: '' },
      ...{ project: '', stage: '', service: '', result: 'pass', score: 100, reasons: [], comparedEvents: [] },
      invalidated: { reason: '=cmd|"x"', time: '' },
      indicators: [
        { sli: 'time', status: 'pass', value: -1.5, base: null, change: null, score: 1, weight: 1, isKeySli: false },
      ].map((row) => ({ ...row, status: 'pass' as const, pass: [], warning: [], targets: [] })),
    };
    expect(csvOf([evaluation]).split('\r\n')).toEqual([
      '"evaluation","time","result","score","invalid","indicator","status","value","base","points"',
      '"1","2020-11-23T10:15:30.123Z","pass",100,"\'=cmd|""x""","time","pass",-1.5,"",1',
      '',
    ]);
  });
});
