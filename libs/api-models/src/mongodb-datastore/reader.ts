import { z } from 'zod';
import { integerParameter } from '../contract/integer-parameter';
import { route } from '../contract/route';

const READERS = 'Readers';
const MOST_EVENTS = 500;

const position = z.int().min(0).meta({ description: 'A sequence number of the log', example: 4711 });

/** A part of the log, in its order. */
const logPage = z
  .object({
    position: position.meta({ description: 'Everything up to this number was read, or will never exist' }),
    hasMore: z.boolean().meta({ description: 'Whether there is more to read at once' }),
    events: z.array(
      z.object({ sequence: position, event: z.looseObject({}).meta({ description: 'The event as it is served' }) }),
    ),
  })
  .meta({ id: 'LogPage' });

export const readLog = route({
  method: 'GET',
  path: '/reader/event',
  scope: 'system:manage',
  tag: READERS,
  summary: 'Read the log in the order of its sequence numbers',
  description:
    'What was read once never gets a predecessor. What comes at the end of the log is told by the event stream.',
  isInternal: true,
  query: z.object({
    after: integerParameter(0, Number.MAX_SAFE_INTEGER).meta({
      type: 'integer',
      description: 'Only events with higher numbers',
      example: 0,
    }),
    limit: integerParameter(1, MOST_EVENTS)
      .optional()
      .transform((limit) => limit ?? MOST_EVENTS)
      .meta({ type: 'integer', description: `Most events; ${MOST_EVENTS} when absent`, example: 100 }),
  }),
  answers: { 200: { description: 'The next events', body: logPage } },
  errors: ['INVALID_REQUEST', 'DATABASE_UNAVAILABLE'],
});

/** Events of a context that one answer holds at most. */
export const CONTEXT_PAGE_SIZE = 1_000;

const contextEvents = z
  .object({
    hasMore: z.boolean().meta({ description: 'Whether further events follow' }),
    events: z.array(
      z.object({
        sequence: position,
        storedAt: z.iso
          .datetime()
          .optional()
          .meta({ description: 'When it was stored; events of older releases have none' }),
        event: z.looseObject({}).meta({ description: 'The event as it is served' }),
      }),
    ),
  })
  .meta({ id: 'LoggedContext' });

export const readLoggedContext = route({
  method: 'GET',
  path: '/reader/context/{keptnContext}',
  scope: 'system:manage',
  tag: READERS,
  summary: 'Read the events of a Keptn context with their sequence numbers',
  description: `In the order of the log, at most ${CONTEXT_PAGE_SIZE} and some 16 MiB.`,
  isInternal: true,
  parameters: z.object({
    keptnContext: z
      .string()
      .min(1)
      .max(512)
      .meta({ description: 'Keptn context', example: 'a3e5f16d-8888-4720-82c7-6995062905c1' }),
  }),
  query: z.object({
    after: integerParameter(0, Number.MAX_SAFE_INTEGER)
      .optional()
      .transform((after) => after ?? 0)
      .meta({ type: 'integer', description: 'Only events with higher numbers', default: 0, example: 0 }),
  }),
  answers: { 200: { description: 'The events; none for a context that the log does not know', body: contextEvents } },
  errors: ['INVALID_REQUEST', 'DATABASE_UNAVAILABLE', 'QUERY_TOO_SLOW'],
});

export const readLogPosition = route({
  method: 'GET',
  path: '/reader/position',
  scope: 'system:manage',
  tag: READERS,
  summary: 'Read the end of the log, or where it was at a time',
  isInternal: true,
  query: z.object({
    time: z.iso.datetime({ offset: true }).optional().meta({
      description: 'Answers the number behind which the events begin that came in at this time or later',
      example: '2026-01-31T10:15:30Z',
    }),
  }),
  answers: { 200: { description: 'The position', body: z.object({ position }).meta({ id: 'LogPosition' }) } },
  errors: ['INVALID_REQUEST', 'DATABASE_UNAVAILABLE'],
});

export const announceReader = route({
  method: 'PUT',
  path: '/reader/{name}',
  scope: 'system:manage',
  tag: READERS,
  summary: 'Say how far a reader of the log has come',
  description: 'Retention keeps what a reader that has said so has not read yet.',
  isInternal: true,
  parameters: z.object({
    name: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,62}$/)
      .meta({ description: 'Name of the reader', example: 'event-broker' }),
  }),
  body: z.object({ position }).meta({ id: 'ReaderPosition' }),
  answers: { 200: { description: 'It is remembered' } },
  errors: ['DATABASE_UNAVAILABLE'],
});
