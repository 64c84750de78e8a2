import { cloudEventBody } from '@keptn/event-models';
import { z } from 'zod';
import { route } from '../contract/route';
import { eventId } from './event.models';

const tag = 'Events';

const newPendingEvent = z
  .object({
    event: cloudEventBody,
    dueInMs: z
      .int()
      .min(0)
      .max(3_600_000)
      .meta({ description: 'After that the change is made or never will be, in milliseconds', example: 40_000 }),
  })
  .meta({ id: 'NewPendingEvent' });

const dueEvents = z
  .object({
    events: z.array(
      z.object({
        id: z.string().meta({ example: '6de83495-4f83-481c-8dbe-fcceb2e0243b' }),
        type: z.string().meta({ example: 'sh.keptn.internal.event.service.create' }),
        shkeptncontext: z.string().meta({ example: 'a3e5f16d-8888-4720-82c7-6995062905c1' }),
        project: z.string().meta({ example: 'sockshop' }),
        service: z.string().optional().meta({ example: 'carts' }),
      }),
    ),
  })
  .meta({ id: 'DueEvents' });

export const announceEvent = route({
  method: 'POST',
  path: '/pending-event',
  scope: 'system:manage',
  tag,
  summary: 'Announce an event',
  description:
    'Keeps an event outside of the log before the change that it reports is made elsewhere. It is no longer pending once it ' +
    'is stored with `POST /event`, published or withdrawn.',
  isInternal: true,
  body: newPendingEvent,
  answers: { 204: { description: 'The event is durable, and not in the log' } },
  errors: ['INVALID_EVENT', 'EVENT_TOO_LARGE', 'PROJECT_DELETED', 'DATABASE_UNAVAILABLE'],
});

export const listDueEvents = route({
  method: 'GET',
  path: '/pending-event',
  scope: 'system:manage',
  tag,
  summary: 'List the pending events that are due',
  description: 'The longest due first.',
  isInternal: true,
  answers: { 200: { description: 'At most 100', body: dueEvents } },
  errors: ['DATABASE_UNAVAILABLE'],
});

export const publishEvent = route({
  method: 'POST',
  path: '/pending-event/{id}/publication',
  scope: 'system:manage',
  tag,
  summary: 'Store a pending event in the log',
  description: 'As `POST /event` would. An event that is not pending is left as it is.',
  isInternal: true,
  parameters: eventId,
  answers: { 204: { description: 'The event is no longer pending' } },
  errors: ['PROJECT_DELETED', 'EVENT_EXISTS', 'DATABASE_UNAVAILABLE'],
});

export const withdrawEvent = route({
  method: 'DELETE',
  path: '/pending-event/{id}',
  scope: 'system:manage',
  tag,
  summary: 'Withdraw a pending event',
  description: 'The change was not made.',
  isInternal: true,
  parameters: eventId,
  answers: { 204: { description: 'The event is no longer pending' } },
  errors: ['DATABASE_UNAVAILABLE'],
});
