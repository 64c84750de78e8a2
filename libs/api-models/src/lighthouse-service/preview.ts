import { z } from 'zod';
import { route } from '../contract/route';
import { serviceNames } from '../names';
import { evaluationFields, verdictFields } from './evaluation.models';

const MOST_PREVIEWED = 50;
const STANDARD = 20;
const SLO_LIMIT = 1_000_000;

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
  tag: 'Evaluations',
  summary: 'See what the last evaluations would have come to with another SLO file',
  description:
    'Evaluates the stored values of the last evaluations by the given SLO file, each compared with those before it as they would ' +
    'have come out. At most the last 100 valid evaluations are looked at, those without values are passed over, and nothing is stored.',
  parameters: serviceNames,
  body: z
    .object({
      slo: z.string().max(SLO_LIMIT).meta({
        description: 'Text of the SLO file',
        example:
          'objectives:\n  - sli: response_time_p95\n    pass:\n      - criteria: ["<600"]\ntotal_score:\n  pass: 90%\n',
      }),
      last: z.int().min(1).max(MOST_PREVIEWED).default(STANDARD).meta({ description: 'How many evaluations to show' }),
    })
    .meta({ id: 'EvaluationPreview' }),
  answers: {
    200: {
      description: 'The evaluations, newest first',
      body: z
        .object({
          evaluations: z.array(previewed),
          findings: z.array(z.string()).meta({
            description: 'What in the file may not mean what it seems to, with line and field',
            example: ['line 4: objectives[0].pass[0].criteria[0]: a percentage without a sign means plus'],
          }),
        })
        .meta({ id: 'PreviewedEvaluations' }),
    },
  },
  errors: ['INVALID_REQUEST', 'INVALID_SLO', 'SERVICE_UNAVAILABLE'],
});
