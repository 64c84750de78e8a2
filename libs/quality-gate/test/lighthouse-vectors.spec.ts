import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidSlo, parseCriterion, parseSlo } from '@keptn/event-models';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  aggregate,
  earlierResultOf,
  evaluate,
  evaluationDoneOf,
  type EvaluationSubject,
  indicatorValuesOf,
  notEvaluated,
  withFailedTests,
} from '../src/index';

const previous = z.array(z.object({ id: z.string(), data: z.unknown() })).nullable();

const vectors = z
  .object({
    evaluation: z.array(
      z.object({
        id: z.string(),
        title: z.string(),
        slo: z.string().nullable(),
        indicatorValues: z.unknown(),
        previous,
        testsFinished: z.looseObject({ result: z.string().optional() }).nullable(),
        teststrategy: z.string(),
        deploymentstrategy: z.string(),
        labels: z.record(z.string(), z.string()).nullable(),
        expected: z.object({ outcome: z.string(), data: z.unknown() }),
      }),
    ),
    criteria: z.array(
      z.object({
        criteria: z.string(),
        expected: z
          .object({ op: z.string(), value: z.number(), pct: z.boolean(), rel: z.boolean(), inc: z.boolean() })
          .nullable(),
      }),
    ),
    percentile: z.array(
      z.object({ values: z.array(z.number()), function: z.enum(['avg', 'p50', 'p90', 'p95']), expected: z.number() }),
    ),
  })
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, 'lighthouse-vectors.json'), 'utf8')));

/** Vectors whose outcome was a defect of the original, and what comes out instead; docs/reference/slo.md gives the reasons. */
const mended = new Map(
  Object.entries(
    z
      .record(z.string(), z.looseObject({}))
      .parse(JSON.parse(readFileSync(join(import.meta.dirname, 'mended-vectors.json'), 'utf8'))),
  ),
);

type Vector = (typeof vectors.evaluation)[number];

const subjectOf = ({ teststrategy, deploymentstrategy, labels }: Vector): EvaluationSubject => ({
  project: 'sockshop',
  stage: 'staging',
  service: 'carts',
  start: '2020-11-05T10:00:00.000Z',
  end: '2020-11-05T10:05:00.000Z',
  teststrategy,
  deploymentstrategy,
  labels,
});

/** What the service does with the answer of an SLI provider, without the service. */
function evaluationDone(vector: Vector): unknown {
  const text = vector.slo ?? '';
  const subject = subjectOf(vector);
  if (text === '') {
    const message = 'no evaluation performed by lighthouse because no SLO file configured for project sockshop';
    return evaluationDoneOf(subject, notEvaluated('pass', message), '');
  }
  try {
    const slo = parseSlo(text);
    const values = indicatorValuesOf(vector.indicatorValues);
    const earlier = (vector.previous ?? []).flatMap((event) => earlierResultOf(event) ?? []);
    const evaluation = evaluate({ slo, values, earlier });
    const testsFailed = vector.testsFinished?.result === 'fail';
    const explained = { evaluation, reasons: [] };
    return evaluationDoneOf(subject, (testsFailed ? withFailedTests(explained) : explained).evaluation, text);
  } catch (error) {
    if (!(error instanceof InvalidSlo)) throw error;
    const message = 'Could not parse SLO file for service carts in stage staging in project sockshop';
    return evaluationDoneOf(subject, notEvaluated('failed', message), '');
  }
}

describe('evaluations of lighthouse-service 0.7.3', () => {
  it.each(vectors.evaluation.filter(({ id }) => !mended.has(id)))('$id: $title', (vector) => {
    expect(evaluationDone(vector)).toEqual(vector.expected.data);
  });

  it.each(vectors.evaluation.filter(({ id }) => mended.has(id)))('$id, mended: $title', (vector) => {
    const actual = evaluationDone(vector);
    expect(actual).not.toEqual(vector.expected.data);
    expect(actual).toMatchObject(mended.get(vector.id) ?? {});
  });
});

describe('criteria of lighthouse-service 0.7.3', () => {
  it.each(vectors.criteria)('"$criteria"', ({ criteria, expected }) => {
    const criterion = parseCriterion(criteria);
    const named = criterion && {
      op: criterion.operator,
      value: criterion.value,
      pct: criterion.isPercentage,
      rel: criterion.isRelative,
      inc: criterion.isIncrease,
    };
    expect(named ?? null).toEqual(expected);
  });
});

describe('aggregates of lighthouse-service 0.7.3', () => {
  it.each(vectors.percentile)('$function of $values is $expected', ({ values, function: by, expected }) => {
    expect(aggregate(values, by)).toBe(expected);
  });
});
