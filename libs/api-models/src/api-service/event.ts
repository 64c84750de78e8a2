import { cloudEventAnswer, cloudEventBody } from '@keptn/event-models';
import { z } from 'zod';
import { route } from '../contract/route';
import { errorBody } from '../errors/error-body';
import { eventContext } from '../event-context';
import { idempotencyKey } from './idempotency-key';

const tag = 'Events';
const path = '/v1/event';

/** What an event may look like; which attributes are headers in binary mode is not for a schema to say. */
const sentEvents = z
  .union([cloudEventBody, z.array(cloudEventBody)])
  .meta({ example: z.globalRegistry.get(cloudEventBody)?.['example'] });

/** One for each event of a batch, in their order: what a single event is answered with, or why it was refused. */
const sentBatch = z.array(
  z
    .object({
      status: z.int().meta({ description: '200, or the status that the event alone would have got', example: 200 }),
      ...eventContext.partial().shape,
      ...errorBody.partial().shape,
    })
    .meta({ id: 'SentEvent' }),
);

export const sendEvent = route({
  method: 'POST',
  path,
  scope: 'event:write',
  isInEventLog: true,
  keepsToProjects: true,
  tag,
  summary: 'Send an event',
  description:
    'Takes CloudEvents 0.2, 0.3 and 1.0 in structured mode, in binary mode (`ce-` headers, JSON data) and as a batch of at most 1,000 ' +
    '(`application/cloudevents-batch+json`). The event is durable in the log when this answers. Each call is a new event, ' +
    'with a new id and the time of arrival, since files with a fixed id and time are sent again and again; what the sender ' +
    'wrote is kept as `sentid` and `senttime`. A sender that wants a repeat to count once says so with `Idempotency-Key`. ' +
    'Any `shkeptncontext` that is not a UUID is turned into one, always the same. The events of a batch are stored each ' +
    'for itself: the answer is a list with a result for each, in their order.',
  consumes: ['application/json', 'application/cloudevents+json', 'application/cloudevents-batch+json'],
  headers: {
    'ce-specversion': { description: 'Version of CloudEvents; makes it binary mode' },
    ...idempotencyKey,
  },
  body: sentEvents,
  answers: {
    200: { description: 'The event is stored; of a batch, all events are', body: z.union([eventContext, sentBatch]) },
    207: { description: 'Some events of the batch were refused', body: sentBatch },
  },
  errors: [
    'INVALID_EVENT',
    'RESERVED_EVENT_TYPE',
    'PROJECT_DELETED',
    'PAYLOAD_TOO_LARGE',
    'EVENT_TOO_LARGE',
    'UNSUPPORTED_MEDIA_TYPE',
    'IDEMPOTENCY_KEY_REUSED',
  ],
});

const required = (description: string, example: string) =>
  z
    .string()
    .min(1, '{field} is required')
    .meta({ description, examples: [example] });

export const getLatestEvent = route({
  method: 'GET',
  path,
  scope: 'event:read',
  keepsToProjects: true,
  tag,
  summary: 'Read the latest event of a type in a Keptn context',
  description: 'Deprecated: GET /event of mongodb-datastore answers more.',
  isDeprecated: true,
  query: z.object({
    keptnContext: required('Keptn context of the event', '6d79636f-6e74-4578-b420-202020202020'),
    type: required('Type of the event', 'sh.keptn.events.evaluation-done'),
  }),
  answers: { 200: { description: 'The event', body: cloudEventAnswer } },
  errors: ['INVALID_REQUEST', 'EVENT_NOT_FOUND'],
});
