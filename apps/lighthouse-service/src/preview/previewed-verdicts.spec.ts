import { parseSlo } from '@keptn/event-models';
import { FAILED_TESTS } from '@keptn/quality-gate';
import { type LoggedEvent } from '@keptn/service-kit/reacting';
import { describe, expect, it } from 'vitest';
import { type StoredEvaluation } from '../evaluation-report/stored-evaluation';
import { measuredIn } from './preview.service';
import { type MeasuredValues, previewedVerdicts } from './previewed-verdicts';

/** @param value of the indicator `a` */
function evaluated(value: number, message = 'pass'): MeasuredValues<StoredEvaluation> {
  const event: LoggedEvent = {
    specversion: '0.2',
    id: `evaluation-${value}`,
    source: 'lighthouse-service',
    type: 'sh.keptn.events.evaluation-done',
    time: '2020-11-05T10:00:00.000Z',
    data: {
      result: 'pass',
      evaluationdetails: { result: message, indicatorResults: [{ value: { metric: 'a', value, success: true } }] },
    },
    extensions: {},
  };
  const [measured] = measuredIn(event);
  if (measured === undefined) throw new Error('the event holds no indicator');
  return measured;
}

const preview = (slo: string, newestFirst: readonly MeasuredValues<StoredEvaluation>[]) =>
  previewedVerdicts(parseSlo(slo), newestFirst).map(({ subject, result, indicators }) => [
    subject.id,
    result,
    indicators[0]?.base ?? null,
  ]);

describe('a preview', () => {
  it('evaluates the stored values by the other file, newest first', () => {
    const slo = 'objectives: [{sli: a, pass: [{criteria: ["<=10"]}]}]\ntotal_score: {pass: 90}';
    expect(preview(slo, [evaluated(11), evaluated(10)])).toEqual([
      ['evaluation-11', 'fail', 10],
      ['evaluation-10', 'pass', null],
    ]);
  });

  it('compares each with those before it as they come out by that file', () => {
    const slo =
      'comparison: {compare_with: single_result, include_result_with_score: pass}\n' +
      'objectives: [{sli: a, pass: [{criteria: ["<=+10%"]}]}]\ntotal_score: {pass: 90}';
    expect(preview(slo, [evaluated(109), evaluated(200), evaluated(100)])).toEqual([
      ['evaluation-109', 'pass', 100],
      ['evaluation-200', 'fail', 100],
      ['evaluation-100', 'pass', null],
    ]);
  });

  it('fails what failed for its tests', () => {
    const slo = 'objectives: [{sli: a, pass: [{criteria: [">0"]}]}]\ntotal_score: {pass: 90}';
    const [verdict] = previewedVerdicts(parseSlo(slo), [evaluated(1, FAILED_TESTS)]);
    expect(verdict).toMatchObject({ result: 'fail', score: 100 });
    expect(verdict?.reasons.at(-1)).toBe('fail: the tests before the evaluation failed');
  });

  it('says of an indicator that was never asked for that it has no value', () => {
    const slo = 'objectives: [{sli: b, pass: [{criteria: [">=0"]}]}]\ntotal_score: {pass: 90}';
    const [verdict] = previewedVerdicts(parseSlo(slo), [evaluated(1)]);
    expect(verdict?.indicators).toEqual([expect.objectContaining({ sli: 'b', value: null, status: 'fail' })]);
  });
});
