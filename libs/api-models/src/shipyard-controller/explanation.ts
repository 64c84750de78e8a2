import { z } from 'zod';
import { integerParameter } from '../contract/integer-parameter';
import { route } from '../contract/route';

const EVENT_ID = '6de83495-4f83-481c-8dbe-fcceb2e0243b';
const CONTEXT = 'a3e5f16d-8888-4720-82c7-6995062905c1';

const decision = z
  .object({
    part: z.enum(['delivery', 'approvals', 'remediation', 'execution']).meta({ description: 'What decided' }),
    because: z.string().meta({ description: 'Why', example: 'not promoted: production has no deployment_strategy' }),
    follows: z.array(z.string()).meta({ description: 'Types of the events that follow, in their order' }),
  })
  .meta({ id: 'ExplainedDecision' });

const explained = {
  decisions: z.array(decision),
  awaits: z
    .string()
    .optional()
    .meta({ description: 'What has to come next, and from whom', example: 'deployment-finished of helm-service' }),
};

const explainedEvent = z
  .object({
    id: z.string().meta({ description: 'Id of the event', example: EVENT_ID }),
    type: z.string().meta({ description: 'Its type', example: 'sh.keptn.events.evaluation-done' }),
    time: z.string().meta({ description: 'Its time', example: '2020-11-23T10:15:30.123Z' }),
    stage: z.string().meta({ description: 'Stage of the event; may be empty', example: 'staging' }),
    service: z.string().meta({ description: 'Service of the event; may be empty', example: 'carts' }),
    ...explained,
  })
  .meta({ id: 'ExplainedEvent' });

const keptnContext = z.string().min(1).max(1024).meta({ description: 'Keptn context', example: CONTEXT });

export const explainContext = route({
  method: 'GET',
  path: '/v1/explanation/{keptnContext}',
  scope: 'event:read',
  keepsToProjects: true,
  tag: 'Explanations',
  summary: 'Explain what followed from the events of a Keptn context',
  description:
    'What was decided about each event, by the files of the project as they are now, and what the latest events wait for. Nothing is changed.',
  parameters: z.object({ keptnContext }),
  answers: {
    200: {
      description: 'The events that something was decided about, or that wait for another one, in the order of the log',
      body: z.object({ events: z.array(explainedEvent) }).meta({ id: 'Explanation' }),
    },
  },
  errors: ['SERVICE_UNAVAILABLE'],
});

const MOST_EVENTS = 1_000;

export const getRun = route({
  method: 'GET',
  path: '/v1/run/{keptnContext}',
  scope: 'event:read',
  keepsToProjects: true,
  tag: 'Runs',
  summary: 'Read a run: its events, and why what followed from each of them followed',
  description:
    'Made from the event log at this moment. The decisions are those by the files of the project as they are now; nothing is changed.',
  parameters: z.object({ keptnContext }),
  query: z.object({
    pageSize: integerParameter(1, MOST_EVENTS)
      .optional()
      .transform((size) => size ?? MOST_EVENTS)
      .meta({ type: 'integer', description: `Events on a page; ${MOST_EVENTS} when absent`, example: 100 }),
    nextPageKey: z
      .string()
      .max(4096)
      .optional()
      .meta({ description: 'The `nextPageKey` of the page before; absent for the first page' }),
  }),
  answers: {
    200: {
      description: 'One page of its events, in the order of the log',
      body: z
        .object({
          events: z.array(
            z
              .object({
                event: z.looseObject({}).meta({ description: 'The event as it is served' }),
                storedAt: z.iso.datetime().optional().meta({
                  description:
                    'When the log took it, while `time` is what its sender says; events of older releases have none',
                  example: '2026-01-31T10:15:30.123Z',
                }),
                ...explained,
              })
              .meta({ id: 'RunEvent' }),
          ),
          nextPageKey: z.string().meta({
            description: 'Send it as `nextPageKey` to get the next page; "0" when this is the last one',
            example: '0',
          }),
        })
        .meta({ id: 'RunHistory' }),
    },
  },
  errors: ['INVALID_REQUEST', 'INVALID_PAGE_KEY', 'CONTEXT_NOT_FOUND', 'SERVICE_UNAVAILABLE'],
});
