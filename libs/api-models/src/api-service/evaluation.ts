import { cloudEventAnswer } from '@keptn/event-models';
import { z } from 'zod';
import { optional, optionalMap } from '../contract/optional';
import { route } from '../contract/route';
import { eventContext } from '../event-context';
import { wait } from '../mongodb-datastore/query-parameters';
import { serviceNames } from '../names';
import { idempotencyKey } from './idempotency-key';

/** A client may send "" for what it does not set. */
const text = (description: string, example: string) =>
  optional(z.string().meta({ description, examples: [example] })).transform((given) =>
    given === '' ? undefined : given,
  );

const timestamp = (what: string) =>
  text(`${what}: YYYY-MM-DDTHH:MM:SS in UTC, a fraction allowed, without a zone`, '2020-11-23T10:15:30');

const MOST_VALUES = 1_000;

const indicatorValue = z
  .object({
    metric: z.string().min(1).max(1024).meta({ description: 'Name of the indicator', example: 'response_time_p95' }),
    value: z.number().meta({ description: 'Its value', example: 412 }),
    success: z.boolean().default(true).meta({ description: 'false: there is no value, and no criterion holds' }),
    message: optional(z.string().max(1024)).meta({ description: 'Why there is no value' }),
  })
  .meta({ id: 'GivenIndicatorValue' });

const requestedEvaluation = z
  .object({
    start: timestamp('Start of the time to be evaluated'),
    end: timestamp('End of the time to be evaluated; not together with timeframe'),
    timeframe: text(
      'Length in minutes; without a start it ends now. Without start, end and timeframe: the last 5 minutes',
      '5m',
    ),
    labels: optionalMap(z.string())
      .transform((labels) => labels ?? null)
      .meta({ description: 'Labels of the evaluation', examples: [{ build: '1.2.3' }] }),
    indicatorValues: optional(z.array(indicatorValue).max(MOST_VALUES)).meta({
      description: 'The values to evaluate; without them the SLI provider of the project is asked',
    }),
  })
  .meta({ id: 'StartEvaluation', example: { timeframe: '5m', labels: { build: '1.2.3' } } });

const startedEvaluation = eventContext
  .extend({
    evaluation: cloudEventAnswer
      .optional()
      .meta({ description: 'The event evaluation-done, when it came within `wait`; `data.result` is the verdict' }),
  })
  .meta({ id: 'StartedEvaluation' });

export const startEvaluation = route({
  method: 'POST',
  path: '/v1/project/{project}/stage/{stage}/service/{service}/evaluation',
  scope: 'event:write',
  tag: 'Evaluations',
  summary: 'Start an evaluation',
  description:
    'Sends sh.keptn.event.start-evaluation. With `wait` it answers when the evaluation has ended, or after that time; an evaluation ' +
    'that goes on longer is not ended by it. A client that wants a repeat to start nothing new says so with `Idempotency-Key`; it gets ' +
    'the Keptn context of the evaluation that the first request has started.',
  parameters: serviceNames,
  headers: idempotencyKey,
  query: z.object({
    wait: wait.meta({
      description: 'Wait up to this long (at most 60s) for the end of the evaluation',
      example: '30s',
    }),
  }),
  body: requestedEvaluation,
  answers: {
    200: { description: 'The evaluation is started; after `wait` it may have ended', body: startedEvaluation },
  },
  errors: ['INVALID_TIME_FRAME', 'NOTHING_TO_EVALUATE', 'IDEMPOTENCY_KEY_REUSED'],
});
