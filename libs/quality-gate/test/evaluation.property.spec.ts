import { InvalidSlo, parseSlo } from '@keptn/event-models';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { earlierResultOf, evaluate, indicatorValuesOf } from '../src/index';
import { oracle, type OracleSlo, type OracleValue } from './oracle';

const METRICS = ['response_time_p95', 'error_rate', 'throughput'] as const;
const metric = fc.constantFrom(...METRICS);
/** Few different numbers, so that values meet limits and each other. */
const figure = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.constantFrom(0.1, 0.2, 0.15, 2.5, 99.9));

const criterion = fc
  .tuple(
    fc.constantFrom('<', '<=', '=', '>=', '>', '', '=<', '!='),
    fc.constantFrom('', '+', '-'),
    figure,
    fc.constantFrom('', '%', 'ms'),
  )
  .map((parts) => parts.join(''));
const blocks = fc.array(fc.record({ criteria: fc.array(criterion, { maxLength: 3 }) }), { maxLength: 3 });

const objective = fc.record(
  {
    sli: metric,
    pass: blocks,
    warning: blocks,
    weight: fc.integer({ min: 0, max: 5 }),
    key_sli: fc.boolean(),
  },
  { requiredKeys: ['sli'] },
);

const comparison = fc.record(
  {
    compare_with: fc.constantFrom('single_result', 'several_results', 'other'),
    include_result_with_score: fc.constantFrom('all', 'pass', 'pass_or_warn'),
    number_of_comparison_results: fc.integer({ min: 0, max: 10 }),
    aggregate_function: fc.constantFrom('avg', 'p50', 'p90', 'p95', 'max'),
  },
  { requiredKeys: [] },
);

const percentage = fc.constantFrom('0', '50', '75%', '90%', '100%');

const slo: fc.Arbitrary<OracleSlo> = fc.record(
  {
    comparison,
    objectives: fc.array(objective, { maxLength: 6 }),
    total_score: fc.record({ pass: percentage, warning: percentage }, { requiredKeys: ['pass'] }),
  },
  { requiredKeys: ['objectives'] },
);

const values: fc.Arbitrary<OracleValue[]> = fc.array(fc.record({ metric, value: figure, success: fc.boolean() }), {
  maxLength: 5,
});
const earlierValues = fc.array(fc.dictionary(metric, figure, { minKeys: 1 }), { maxLength: 12 });

const doneEvents = (earlier: readonly Readonly<Record<string, number>>[]) =>
  earlier.map((result, index) => ({
    id: `earlier-${index}`,
    data: {
      evaluationdetails: {
        indicatorResults: Object.entries(result).map(([name, value]) => ({
          value: { metric: name, value, success: true },
        })),
      },
    },
  }));

const evaluated = (
  file: OracleSlo,
  measured: readonly OracleValue[],
  earlier: readonly Readonly<Record<string, number>>[],
) => {
  // JSON is YAML.
  const parsed = parseSlo(JSON.stringify(file));
  return evaluate({
    slo: parsed,
    values: measured.map((value) => ({ ...value })),
    earlier: doneEvents(earlier).flatMap((event) => earlierResultOf(event) ?? []),
  });
};

/** Thousands of evaluations, on a small and busy machine. */
const TIMEOUT_MS = 120_000;

describe('an evaluation', { timeout: TIMEOUT_MS }, () => {
  it('comes to the same as the oracle', () => {
    fc.assert(
      fc.property(slo, values, earlierValues, (file, measured, earlier) => {
        const { result, score, indicatorResults } = evaluated(file, measured, earlier);
        const expected = oracle(file, measured, earlier);
        expect({ result, score }).toEqual({ result: expected.result, score: expected.score });
        if (result !== 'failed')
          expect((indicatorResults ?? []).map(({ status }) => status)).toEqual(expected.statuses);
      }),
      { numRuns: 3_000 },
    );
  });

  it('has the same verdict in whatever order the objectives are', () => {
    fc.assert(
      fc.property(slo, values, earlierValues, fc.nat(), (file, measured, earlier, turn) => {
        const turned = file.objectives.map((_, index) => file.objectives[(index + turn) % file.objectives.length]);
        const reordered = { ...file, objectives: turned.filter((each) => each !== undefined) };
        expect(evaluated(reordered, measured, earlier).result).toBe(evaluated(file, measured, earlier).result);
      }),
      { numRuns: 500 },
    );
  });

  it('never gains by a criterion more that is violated', () => {
    const violated = fc.constantFrom('<-1', '=12345', '600ms', '>1e9');
    fc.assert(
      fc.property(slo, values, violated, fc.nat(), (file, measured, criteria, at) => {
        const before = evaluated(file, measured, []);
        const harder = {
          ...file,
          objectives: file.objectives.map((each, index) =>
            index === at % file.objectives.length && each.pass !== undefined
              ? { ...each, pass: each.pass.map((block) => ({ criteria: [...block.criteria, criteria] })) }
              : each,
          ),
        };
        const after = evaluated(harder, measured, []);
        expect(after.score).toBeLessThanOrEqual(before.score);
      }),
      { numRuns: 500 },
    );
  });

  it('is a verdict or a located fault for any file and any values, never an exception', () => {
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      slo.map((file) => JSON.stringify(file)),
      fc.tuple(slo, fc.nat(), fc.string({ maxLength: 3 })).map(([file, at, put]) => {
        const whole = JSON.stringify(file, undefined, 1);
        const position = at % whole.length;
        return whole.slice(0, position) + put + whole.slice(position + 1);
      }),
    );
    fc.assert(
      fc.property(
        text,
        fc.jsonValue(),
        fc.array(fc.record({ id: fc.string(), data: fc.jsonValue() })),
        (file, list, events) => {
          try {
            const parsed = parseSlo(file);
            const earlier = events.flatMap((event) => earlierResultOf(event) ?? []);
            const evaluation = evaluate({ slo: parsed, values: indicatorValuesOf(list), earlier });
            expect(['pass', 'warning', 'fail', 'failed']).toContain(evaluation.result);
            expect(JSON.parse(JSON.stringify(evaluation))).toEqual(evaluation);
          } catch (error) {
            if (!(error instanceof InvalidSlo)) throw error;
            expect(error.findings[0]).toMatchObject({ line: expect.any(Number), message: expect.any(String) });
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
