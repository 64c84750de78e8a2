import { evaluate, type EvaluationSubject } from '@keptn/quality-gate';
import { parseSlo } from '@keptn/event-models';
import { describe, expect, it } from 'vitest';
import { evaluationDone } from './evaluation-events';

const subject: EvaluationSubject = {
  ...{ project: 'sockshop', stage: 'staging', service: 'carts', teststrategy: '', deploymentstrategy: '' },
  ...{ start: '', end: '', labels: null },
};

const doneOf = (count: number, reasons: readonly string[]) => {
  const { objectives, ...slo } = parseSlo('objectives: [{sli: a, pass: [{criteria: ["<1"]}]}]\ntotal_score: {pass: 0}');
  const values = [{ metric: 'a', value: 0, success: false, message: 'x'.repeat(2_048) }];
  const repeated = Array.from({ length: count }, () => objectives).flat();
  const evaluation = evaluate({ slo: { ...slo, objectives: repeated }, values, earlier: [] });
  const outcome = { evaluation, reasons, sloText: '' };
  return evaluationDone({ id: 'question', source: 'lighthouse-service' }, undefined, subject, outcome);
};

describe('the end of an evaluation', () => {
  it('says why, a line for each reason', () => {
    const { extensions } = doneOf(1, ['pass: a\nis 1', 'pass: score 100']);
    expect(extensions).toEqual({ reason: 'pass: a is 1\npass: score 100' });
  });

  it('is a short failure where the verdict is larger than an event may be', () => {
    expect(doneOf(1, []).data).toMatchObject({ result: 'pass' });
    expect(doneOf(8_000, [])).toMatchObject({
      data: { result: 'failed', evaluationdetails: { result: expect.stringContaining('larger than an event may be') } },
      extensions: { reason: expect.stringContaining('fewer objectives') },
    });
  });
});
