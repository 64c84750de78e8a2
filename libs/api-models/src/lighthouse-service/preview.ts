import { z } from 'zod';
import { optional, optionalMap } from '../contract/optional';
import { route } from '../contract/route';
import { serviceNames } from '../names';
import { evaluationFields, verdictFields } from './evaluation.models';

const MOST_PREVIEWED = 50;
const STANDARD = 20;
const SLO_LIMIT = 1_000_000;

/** Each is one question for every indicator to the monitoring tool. */
const MOST_TIME_FRAMES = 20;

const previewedSlo = z.string().max(SLO_LIMIT).meta({
  description: 'Text of the SLO file',
  example:
    'objectives:\n  - sli: response_time_p95\n    pass:\n      - criteria: ["<600"]\ntotal_score:\n  pass: 90%\n',
});

const findings = z.array(z.string()).meta({
  description: 'What in the file may not mean what it seems to, with line and field',
  example: ['line 4: objectives[0].pass[0].criteria[0]: a percentage without a sign means plus'],
});

const instant = (description: string, example: string) =>
  z.iso.datetime({ offset: true, error: '{field} must be of type date-time' }).meta({ description, example });

const timeFrame = z
  .object({
    start: instant('Start of the time frame', '2020-11-23T10:10:00.000Z'),
    end: instant('Its end', '2020-11-23T10:15:00.000Z'),
  })
  .refine(({ start, end }) => Date.parse(start) < Date.parse(end), '{field} must end after its start')
  .meta({ id: 'TimeFrame' });

const previewed = z
  .object({
    ...evaluationFields,
    was: z
      .object({ result: z.string().meta({ example: 'pass' }), score: z.number().meta({ example: 100 }) })
      .meta({ description: 'What the evaluation came to' }),
    ...verdictFields,
  })
  .meta({ id: 'PreviewedEvaluation', description: 'What an evaluation came to, and would have come to' });

export const previewEvaluations = route({
  method: 'POST',
  path: '/v1/project/{project}/stage/{stage}/service/{service}/evaluation/preview',
  scope: 'event:read',
  isUnaudited: true,
  tag: 'Evaluations',
  summary: 'See what the last evaluations would have come to with another SLO file',
  description:
    'Evaluates the stored values of the last evaluations by the given SLO file, each compared with those before it as they would ' +
    'have come out. At most the last 100 valid evaluations are looked at, those without values are passed over, and nothing is stored.',
  parameters: serviceNames,
  body: z
    .object({
      slo: previewedSlo,
      last: optional(z.int().min(1).max(MOST_PREVIEWED))
        .transform((last) => last ?? STANDARD)
        .meta({ description: 'How many evaluations to show', default: STANDARD }),
    })
    .meta({ id: 'EvaluationPreview' }),
  answers: {
    200: {
      description: 'The evaluations, newest first',
      body: z
        .object({
          evaluations: z.array(previewed),
          findings,
        })
        .meta({ id: 'PreviewedEvaluations' }),
    },
  },
  errors: ['INVALID_REQUEST', 'INVALID_SLO', 'SERVICE_UNAVAILABLE'],
});

export const previewTimeFrames = route({
  method: 'POST',
  path: '/v1/project/{project}/stage/{stage}/service/{service}/evaluation/preview/time-frames',
  scope: 'event:read',
  tag: 'Evaluations',
  summary: 'See what evaluations of past time frames would come to',
  description:
    'Asks the SLI provider of the project for the values of each time frame, and evaluates them by the given SLO file, each compared ' +
    'with those that ended before it. Only providers that are built in can be asked; others answer to events. Nothing is stored.',
  parameters: serviceNames,
  body: z
    .object({
      slo: previewedSlo,
      timeFrames: z.array(timeFrame).min(1).max(MOST_TIME_FRAMES).meta({ description: 'In any order' }),
      labels: optionalMap(z.string()).meta({ description: 'For `$LABEL.x` in queries', example: { build: '1.2.3' } }),
    })
    .meta({ id: 'TimeFramePreview' }),
  answers: {
    200: {
      description: 'What each would come to, the latest first',
      body: z
        .object({
          evaluations: z.array(
            z
              .object({ start: evaluationFields.start, end: evaluationFields.end, ...verdictFields })
              .meta({ id: 'PreviewedTimeFrame' }),
          ),
          findings,
        })
        .meta({ id: 'PreviewedTimeFrames' }),
    },
  },
  errors: ['INVALID_REQUEST', 'INVALID_SLO', 'SLI_PROVIDER_NOT_BUILT_IN', 'SERVICE_UNAVAILABLE'],
});
