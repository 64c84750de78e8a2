import { cloudEventBody } from '@keptn/event-models';
import { z } from 'zod';
import { route } from '../contract/route';

export const acceptEvent = route({
  method: 'POST',
  path: '/',
  scope: 'system:manage',
  tag: 'Events',
  summary: 'Send an event as a service of the cluster',
  description:
    'Any path does, but those that begin with `/v1/`. Takes CloudEvents 0.2, 0.3 and 1.0 in structured mode, in binary mode ' +
    '(`ce-` headers) and as a batch. Keeps the id and time of the sender. The same event again, by its `source` and `id`, is stored once.',
  isInternal: true,
  consumes: ['application/cloudevents+json', 'application/json', 'application/cloudevents-batch+json'],
  body: z.union([cloudEventBody, z.array(cloudEventBody)]),
  answers: {
    202: { description: 'The event is durable in the log; of a batch, all events are' },
  },
  errors: ['INVALID_EVENT', 'PROJECT_DELETED', 'EVENT_EXISTS', 'EVENT_TOO_LARGE', 'SERVICE_UNAVAILABLE'],
});
