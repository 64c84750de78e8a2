import { z } from 'zod';
import { route } from '../contract/route';

const eventType = z
  .object({
    type: z.string().meta({ example: 'sh.keptn.event.configuration.change' }),
    description: z.string().meta({
      description: 'What an event of this type says',
      example: 'A new artifact or configuration is to be deployed',
    }),
    dataSchema: z
      .record(z.string(), z.unknown())
      .meta({ description: 'JSON Schema 2020-12 of the data. Further fields are kept', example: { type: 'object' } }),
    exampleData: z
      .record(z.string(), z.unknown())
      .meta({ description: 'Data of an event', example: { project: 'sockshop' } }),
  })
  .meta({ id: 'EventType' });
export type EventType = z.infer<typeof eventType>;

export const listEventTypes = route({
  method: 'GET',
  path: '/v1/event-type',
  scope: 'caller',
  tag: 'Events',
  summary: 'List the event types of Keptn that can be sent, with the schema of their data',
  description: 'Events of other types are accepted as well; nothing in the control plane reacts to them.',
  answers: {
    200: { description: 'By type', body: z.object({ eventTypes: z.array(eventType) }).meta({ id: 'EventTypes' }) },
  },
  errors: [],
});
