import { cloudEventBody } from '@keptn/event-models';
import { z } from 'zod';

const text = (name: string) => z.string(`${name} must be a string`).nullish();

/** What the view reads of an event's data. */
export const eventData = z.looseObject(
  {
    project: text('project'),
    stage: text('stage'),
    service: text('service'),
    image: z
      .unknown()
      .optional()
      .transform((value) => (typeof value === 'string' ? value : undefined)),
    tag: z
      .unknown()
      .optional()
      .transform((value) => (typeof value === 'string' ? value : undefined)),
  },
  'it must be a JSON object',
);
export type EventData = z.infer<typeof eventData>;

/** Describes the body; it is checked by reading it. */
export const serviceEvent = cloudEventBody.meta({
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
});
