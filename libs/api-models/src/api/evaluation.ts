import { z } from 'zod';
import { optional, optionalMap } from '../contract/optional';
import { route } from '../contract/route';
import { eventContext } from '../event-context';
import { serviceNames } from '../names';

/** A client may send "" for what it does not set. */
const text = (description: string, example: string) =>
  optional(z.string().meta({ description, examples: [example] })).transform((given) =>
    given === '' ? undefined : given,
  );

const timestamp = (what: string) =>
  text(`${what}: YYYY-MM-DDTHH:MM:SS in UTC, a fraction allowed, without a zone`, '2020-11-23T10:15:30');

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
  })
  .meta({ id: 'StartEvaluation', example: { timeframe: '5m', labels: { build: '1.2.3' } } });

export const startEvaluation = route({
  method: 'POST',
  path: '/v1/project/{project}/stage/{stage}/service/{service}/evaluation',
  tag: 'Evaluations',
  summary: 'Start an evaluation',
  description: 'Sends sh.keptn.event.start-evaluation.',
  parameters: serviceNames,
  body: requestedEvaluation,
  answers: { 200: { description: 'The evaluation is started', body: eventContext } },
  errors: ['INVALID_TIME_FRAME', 'NOTHING_TO_EVALUATE'],
});
