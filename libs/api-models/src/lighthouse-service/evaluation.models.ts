import { z } from 'zod';

export const EVENT_ID = '6de83495-4f83-481c-8dbe-fcceb2e0243b';

/** Id of an event `evaluation-done`, in a path. */
export const evaluationId = z.object({
  eventId: z
    .string()
    .min(1)
    .max(512)
    .meta({ description: 'Id of the event evaluation-done of the evaluation', example: EVENT_ID }),
});

const target = z
  .object({
    criteria: z.string().meta({ description: 'The criterion', example: '<=+10%' }),
    targetValue: z.number().meta({ description: 'The value that it allows; 0 when that is unknown', example: 330 }),
    violated: z.boolean().meta({ description: 'Whether the value is outside', example: true }),
  })
  .meta({ id: 'EvaluatedTarget' });

const blocks = (description: string) => z.array(z.array(z.string())).meta({ description, example: [['<=+10%']] });

const indicatorRow = z
  .object({
    sli: z.string().meta({ description: 'Name of the indicator', example: 'response_time_p95' }),
    displayName: z.string().optional().meta({ description: 'Its name for people', example: 'Response time' }),
    status: z.enum(['pass', 'warning', 'fail', 'info']).meta({ description: 'What became of the objective' }),
    value: z.number().nullable().meta({ description: 'What was measured; null without a value', example: 412 }),
    message: z.string().optional().meta({ description: 'Why there is no value' }),
    query: z.string().optional().meta({ description: 'What was asked of the monitoring tool' }),
    base: z
      .number()
      .nullable()
      .meta({ description: 'What it was compared with; null without earlier values', example: 300 }),
    change: z.number().nullable().meta({ description: 'From the base to the value, in percent', example: 37.3 }),
    score: z.number().meta({ description: 'Points that the objective earned', example: 0.5 }),
    weight: z.number().meta({ description: 'Points that it can earn', example: 1 }),
    isKeySli: z.boolean().meta({ description: 'Whether the evaluation fails with it' }),
    pass: blocks('Criteria for pass: in one of the blocks all have to hold'),
    warning: blocks('Criteria for a warning'),
    targets: z.array(target).meta({ description: 'The criteria that were looked at, with the values that they allow' }),
  })
  .meta({ id: 'EvaluatedIndicator' });
export type IndicatorRow = z.output<typeof indicatorRow>;

export const verdictFields = {
  result: z
    .string()
    .meta({ description: 'pass, warning or fail; failed when no verdict was possible', example: 'pass' }),
  score: z.number().meta({ description: 'Points in percent of what could be earned', example: 100 }),
  reasons: z.array(z.string()).meta({
    description: 'Why, in words: a line for each objective, and one for the whole',
    example: ['pass: Response time is 312, allowed <= 330 = 300 of the last passed evaluation + 10 % (met)'],
  }),
  indicators: z.array(indicatorRow).meta({ description: 'One for each objective, in the order of the SLO file' }),
};

export const evaluationFields = {
  id: z.string().meta({ description: 'Id of the event evaluation-done', example: EVENT_ID }),
  keptnContext: z.string().meta({ description: 'Its Keptn context', example: 'a3e5f16d-8888-4720-82c7-6995062905c1' }),
  time: z.string().meta({ description: 'When the evaluation ended', example: '2020-11-23T10:15:30.123Z' }),
  start: z.string().meta({ description: 'Start of the time frame', example: '2020-11-23T10:10:00.000Z' }),
  end: z.string().meta({ description: 'Its end', example: '2020-11-23T10:15:00.000Z' }),
};

export const evaluationReport = z
  .object({
    ...evaluationFields,
    project: z.string().meta({ example: 'sockshop' }),
    stage: z.string().meta({ example: 'staging' }),
    service: z.string().meta({ example: 'carts' }),
    labels: z.record(z.string(), z.string()).meta({ description: 'Labels', example: { build: '1.2.3' } }),
    ...verdictFields,
    message: z.string().meta({ description: 'The result once more, or why there is no verdict', example: 'pass' }),
    comparedEvents: z.array(z.string()).meta({ description: 'Ids of the evaluations that it was compared with' }),
    slo: z.string().optional().meta({
      description: 'Text of the SLO file, whether or not it can be read; absent when the event holds none',
      example: 'objectives:\n  - sli: response_time_p95\n',
    }),
    invalidated: z
      .object({
        reason: z.string().meta({ description: 'Why it does not count', example: 'load test broke' }),
        time: z.string().meta({ description: 'Since when', example: '2020-11-23T11:00:00.000Z' }),
      })
      .optional()
      .meta({ description: 'Present when the evaluation was declared invalid: nothing is compared with it' }),
  })
  .meta({ id: 'EvaluationReport' });
export type EvaluationReport = z.output<typeof evaluationReport>;
