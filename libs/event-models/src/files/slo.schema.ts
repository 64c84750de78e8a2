import { z } from 'zod';
import { parseCriterion } from './criterion';

/** `90%`, `75`. */
const PERCENTAGE = /^\d+(?:\.\d+)?%?$/;

const criterion = z
  .string({ error: 'a criterion must be text such as "<=+10%" or "<600"' })
  .refine((value) => parseCriterion(value) !== undefined, {
    error: 'must be an operator (<, <=, =, >=, >) and a number, such as "<=+10%" or "<600"',
  });

const criteria = z
  .array(
    z.looseObject(
      { criteria: z.array(criterion, 'criteria is required and must be a list such as ["<=+10%", "<600"]') },
      'must be a mapping with criteria',
    ),
    'must be a list of criteria',
  )
  .nullish();

const percentage = z
  .string({ error: 'must be a percentage such as "90%"' })
  .regex(PERCENTAGE, 'must be a percentage such as "90%"');

const objective = z.looseObject(
  {
    sli: z.string({ error: 'sli is required: the name of an indicator' }).min(1, 'sli must not be empty'),
    displayName: z.string({ error: 'must be text' }).nullish(),
    pass: criteria,
    warning: criteria,
    weight: z
      .number({ error: 'must be a whole number' })
      .int('must be a whole number')
      .min(0, 'must not be negative')
      .nullish(),
    key_sli: z.boolean({ error: 'must be true or false' }).nullish(),
  },
  'an objective must be a mapping with sli',
);

const comparison = z.looseObject(
  {
    compare_with: z
      .enum(['single_result', 'several_results'], { error: 'must be "single_result" or "several_results"' })
      .nullish(),
    include_result_with_score: z
      .enum(['all', 'pass', 'pass_or_warn'], { error: 'must be "all", "pass" or "pass_or_warn"' })
      .nullish(),
    number_of_comparison_results: z
      .number({ error: 'must be a whole number from 1 to 100' })
      .int('must be a whole number from 1 to 100')
      // The event log answers at most 100 earlier evaluations to the one who compares.
      .min(1, 'must be a whole number from 1 to 100')
      .max(100, 'must be a whole number from 1 to 100')
      .nullish(),
    aggregate_function: z
      .enum(['avg', 'p50', 'p90', 'p95'], { error: 'must be "avg", "p50", "p90" or "p95"' })
      .nullish(),
  },
  'must be a mapping',
);

/** `slo.yaml`: the objectives of a service and how evaluations are compared. */
export const sloFile = z
  .looseObject({
    spec_version: z.string({ error: 'must be text such as "1.0"' }).nullish(),
    filter: z.record(z.string(), z.unknown(), 'must be a mapping').nullish(),
    comparison: comparison.nullish(),
    // Keptn 0.7 reads a file without objectives; dashboards bring theirs.
    objectives: z.array(objective, 'must be a list of objectives').nullish(),
    total_score: z
      .looseObject({ pass: percentage.nullish(), warning: percentage.nullish() }, 'must be a mapping')
      .nullish(),
  })
  .meta({ id: 'SloFile', description: 'Objectives of a service (slo.yaml)' });
export type SloFile = z.infer<typeof sloFile>;
