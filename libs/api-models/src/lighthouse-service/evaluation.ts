import { z } from 'zod';
import { route } from '../contract/route';
import { pageKey, pageSize, text } from '../mongodb-datastore/query-parameters';
import { serviceNames } from '../names';
import { EVENT_ID, evaluationId, evaluationReport } from './evaluation.models';

const tag = 'Evaluations';
const REASON_LIMIT = 1_000;
const LARGEST_PAGE = 50;
const STANDARD_PAGE = 20;

export const listEvaluations = route({
  method: 'GET',
  path: '/v1/project/{project}/stage/{stage}/service/{service}/evaluation',
  scope: 'event:read',
  tag,
  summary: 'List the evaluations of a service in a stage, newest first',
  description:
    'Those that were invalidated are among them, and marked. Pages hold each evaluation once, however many end meanwhile.',
  parameters: serviceNames,
  query: z.object({
    pageSize: pageSize(LARGEST_PAGE, STANDARD_PAGE),
    nextPageKey: pageKey,
    until: text(
      'Begin with this evaluation, by the id of its event, instead of the newest; the same on every page',
      EVENT_ID,
    ),
  }),
  answers: {
    200: {
      description: 'One page of evaluations; none for names that are not known',
      body: z
        .object({
          evaluations: z.array(evaluationReport),
          nextPageKey: z.string().optional().meta({
            description: 'Send it as `nextPageKey` to get the next page; absent when this is the last one',
          }),
        })
        .meta({ id: 'EvaluationPage' }),
    },
  },
  errors: ['INVALID_REQUEST', 'INVALID_PAGE_KEY', 'EVALUATION_NOT_FOUND', 'SERVICE_UNAVAILABLE'],
});

export const getEvaluation = route({
  method: 'GET',
  path: '/v1/evaluation/{eventId}',
  scope: 'event:read',
  keepsToProjects: true,
  tag,
  summary: 'Read what came of an evaluation',
  parameters: evaluationId,
  answers: { 200: { description: 'The evaluation', body: evaluationReport } },
  errors: ['EVALUATION_NOT_FOUND', 'SERVICE_UNAVAILABLE'],
});

const reason = z
  .object({
    reason: z
      .string()
      .trim()
      .min(1, '{field} is required')
      .max(REASON_LIMIT)
      .meta({ description: 'Why, for those who read it later', example: 'load test broke' }),
  })
  .meta({ id: 'ValidityReason' });

const declared = {
  200: {
    description: 'It is declared',
    body: z
      .object({ eventId: z.string().meta({ description: 'Id of the event that says so' }) })
      .meta({ id: 'DeclaredValidity' }),
  },
};

export const invalidateEvaluation = route({
  method: 'POST',
  path: '/v1/evaluation/{eventId}/invalidation',
  scope: 'event:write',
  keepsToProjects: true,
  tag,
  summary: 'Declare an evaluation invalid',
  description: 'Sends sh.keptn.events.evaluation.invalidated. No later evaluation is compared with it any more.',
  parameters: evaluationId,
  body: reason,
  answers: declared,
  errors: ['EVALUATION_NOT_FOUND', 'EVALUATION_INVALIDATED', 'SERVICE_UNAVAILABLE'],
});

export const revalidateEvaluation = route({
  method: 'POST',
  path: '/v1/evaluation/{eventId}/revalidation',
  scope: 'event:write',
  keepsToProjects: true,
  tag,
  summary: 'Take back that an evaluation is invalid',
  description: 'Sends sh.keptn.events.evaluation.revalidated. Later evaluations may be compared with it again.',
  parameters: evaluationId,
  body: reason,
  answers: declared,
  errors: ['EVALUATION_NOT_FOUND', 'EVALUATION_VALID', 'SERVICE_UNAVAILABLE'],
});
