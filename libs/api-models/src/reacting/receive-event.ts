import { cloudEventBody } from '@keptn/event-models';
import { route } from '../contract/route';

/** The door of every service that reacts to events. */
export const receiveEvent = route({
  method: 'POST',
  path: '/',
  scope: 'system:manage',
  tag: 'Events',
  summary: 'React to an event of the log',
  description:
    'Takes CloudEvents 0.2, 0.3 and 1.0 in structured mode, in binary mode (`ce-` headers) and as a batch, as the event log, the ' +
    'event-broker and the distributors of Keptn 0.7 send them. Answers once what follows from the event is durable in the log; with ' +
    '5xx the event is to be sent again. The same event again changes nothing. Of a batch, events that cannot be understood are ' +
    'skipped; events of one Keptn context are worked on in their order.',
  isInternal: true,
  consumes: ['application/cloudevents+json', 'application/json', 'application/cloudevents-batch+json'],
  body: cloudEventBody,
  answers: { 202: { description: 'What follows from the event is stored, or nothing follows' } },
  errors: ['INVALID_EVENT', 'SERVICE_UNAVAILABLE'],
});
