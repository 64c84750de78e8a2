import { cloudEventBody } from '@keptn/event-models';
import { route } from '../contract/route';

export const recordEvent = route({
  method: 'POST',
  path: '/v1/event',
  scope: 'system:manage',
  tag: 'Events',
  summary: 'Record an event in the view',
  description:
    'Makes the event the last one of its type in its service; deployment-finished also sets the deployed image. The same ' +
    'event again changes nothing. The event log delivers events here, several at once as a JSON array, in order. Of an ' +
    'array, events that do not belong to a service are skipped.',
  isInternal: true,
  consumes: ['application/json', 'application/cloudevents+json', 'application/cloudevents-batch+json'],
  body: cloudEventBody.meta({
    id: 'ServiceEvent',
    description: 'A CloudEvent in structured JSON, version 0.2, 0.3 or 1.0, that belongs to a service',
    example: {
      specversion: '0.2',
      id: '6de83495-4f83-481c-8dbe-fcceb2e0243b',
      type: 'sh.keptn.events.deployment-finished',
      source: 'helm-service',
      contenttype: 'application/json',
      shkeptncontext: 'a3e5f16d-8888-4720-82c7-6995062905c1',
      data: {
        project: 'sockshop',
        stage: 'dev',
        service: 'carts',
        image: 'docker.io/keptnexamples/carts',
        tag: '0.11.1',
      },
    },
  }),
  answers: { 200: { description: 'The event is recorded' } },
  errors: ['INVALID_EVENT', 'PROJECT_NOT_FOUND', 'STAGE_NOT_FOUND', 'SERVICE_NOT_FOUND', 'VIEW_NOT_READY'],
});
