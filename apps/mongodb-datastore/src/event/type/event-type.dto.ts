import { cloudEventAnswer } from '@keptn/event-models';
import { z } from 'zod';
import { eventQuery, flagParameter, pageSizeParameter, timeParameter } from '../event.dto';
import { FILTER_KEYS } from './filter-grammar';

export const eventTypePath = z.object({
  eventType: z
    .string()
    .min(1)
    .max(512)
    .meta({ description: 'Type of the events', example: 'sh.keptn.events.evaluation-done' }),
});

export const eventTypeQuery = z.object({
  filter: z
    .string()
    .default('')
    .meta({
      description:
        'Clauses `key:value`, joined by ` AND `; a comma-separated list of values means one of them. Must hold data.project or ' +
        `shkeptncontext. Keys: ${FILTER_KEYS.join(', ')}`,
      example: 'data.project:sockshop AND data.stage:staging AND data.service:carts AND data.result:pass,warning',
    }),
  excludeInvalidated: flagParameter('Leave out events that an event of the matching `.invalidated` type names'),
  fromTime: timeParameter('Only events later than this time'),
  limit: pageSizeParameter(100, 20),
  wait: eventQuery.shape.wait,
});

export type EventTypeQuery = z.infer<typeof eventTypeQuery>;

export const eventsOfType = z
  .object({ events: z.array(cloudEventAnswer) })
  .meta({ id: 'EventsOfType', description: 'The events that match, newest first' });
