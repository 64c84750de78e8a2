import { describe, expect, it } from 'vitest';
import { type EvaluatedGate } from './evaluated-gate';
import { junitOf } from './junit';

const gate = (more: Partial<EvaluatedGate>): EvaluatedGate => ({
  ...{ project: 'sockshop', stage: 'staging', service: 'carts', start: '', end: '2020-11-05T10:05:00.000Z' },
  ...{ result: 'fail', message: 'fail', score: 100, reasons: [], indicators: [] },
  ...more,
});

describe('a JUnit report', () => {
  it('has the reason that decided as its headline', () => {
    const reasons = ['pass: score 100 of 100, pass from 90', 'fail: the tests before the evaluation failed'];
    expect(junitOf(gate({ reasons }))).toContain('<failure message="fail: the tests before the evaluation failed"');
    const impossible = gate({ result: 'failed', reasons: ['pass: a is 1', 'failed: no target score defined'] });
    expect(junitOf(impossible)).toContain('<error message="failed: no target score defined"');
  });
});
