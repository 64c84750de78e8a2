import { cloudEventAnswer } from '@keptn/event-models';
import { z } from 'zod';
import { LINE_STREAM } from '../contract/line-stream';
import { route } from '../contract/route';
import { eventId, eventList, partialStoreAnswer, postedEvent, storeAnswer } from './event.models';
import { eventFilter, flag, order, pageKey, pageSize, recent, text, time, wait } from './query-parameters';

const tag = 'Events';

export const storeEvent = route({
  method: 'POST',
  path: '/event',
  scope: 'system:manage',
  tag,
  summary: 'Store an event',
  description:
    'Takes CloudEvents 0.2, 0.3 and 1.0 in structured mode, in binary mode (`ce-` headers, JSON data) and as a batch ' +
    '(`application/cloudevents-batch+json`). Keeps the id and time of the sender, and answers once the event is durable. ' +
    'The same event again, by its `source` and `id`, is stored once: the answer is that of the first time, with the header ' +
    '`Idempotent-Replay: true`. Another event with the same `source` and `id` is refused with 409. The events of a batch ' +
    'are stored each for itself, not all or nothing: the answer is a list with a result for each, in their order. ' +
    '`sh.keptn.internal.event.project.delete` deletes the events of its project, and is kept outside of it. Every `eventContext` ' +
    `is emptied. At most 96 levels of nesting and 15 MiB an event. As \`${LINE_STREAM}\`, one CloudEvent a line, a body ` +
    'may be of any length: each line is stored for itself as it arrives, with the id and time that it has; the answer ' +
    'counts the lines and names those that were refused. An import that broke off is sent again from the start.',
  isInternal: true,
  consumes: ['application/cloudevents+json', 'application/json', 'application/cloudevents-batch+json', LINE_STREAM],
  headers: { 'ce-specversion': { description: 'Version of CloudEvents; makes it binary mode' } },
  body: postedEvent,
  answers: {
    201: {
      description: 'The event is stored, or carried out; of a batch, all events are',
      body: storeAnswer,
      headers: { 'Idempotent-Replay': { description: '`true` when it had been stored before' } },
    },
    207: {
      description: 'Some events of the batch, or lines, were refused; the answer says which and why',
      body: partialStoreAnswer,
    },
  },
  errors: [
    'INVALID_EVENT',
    'IMPORT_BROKEN_OFF',
    'PROJECT_DELETED',
    'EVENT_EXISTS',
    'PAYLOAD_TOO_LARGE',
    'EVENT_TOO_LARGE',
    'UNSUPPORTED_MEDIA_TYPE',
    'DATABASE_UNAVAILABLE',
    'IMPORT_INTERRUPTED',
  ],
});

export const listEvents = route({
  method: 'GET',
  path: '/event',
  scope: 'event:read',
  keepsToProjects: true,
  tag,
  summary: 'List events, newest first unless asked otherwise',
  description:
    'All given filters must hold. Pages hold each event once, however many are stored meanwhile. Filters that are fast ' +
    'at any size: keptnContext, eventID, source, stage, service, type, and project with source or any of stage, service ' +
    `and type. With \`Accept: ${LINE_STREAM}\` everything that matches and was stored before the request comes in one ` +
    'answer, one event a line, whatever pageSize and wait say; an answer that was broken off ends without its last chunk.',
  query: z.object({
    ...eventFilter,
    order,
    root: flag('Only the first event, by time, of each Keptn context'),
    pageSize: pageSize(100, 20),
    nextPageKey: pageKey,
    wait,
  }),
  answers: { 200: { description: 'One page of events', body: eventList } },
  alsoAsLines: true,
  errors: ['INVALID_REQUEST', 'INVALID_PAGE_KEY', 'DATABASE_UNAVAILABLE', 'QUERY_TOO_SLOW'],
});

export const getEvent = route({
  method: 'GET',
  path: '/event/{id}',
  scope: 'event:read',
  keepsToProjects: true,
  tag,
  summary: 'Read one event',
  description:
    'Ids are unique among the events of one source; of several the latest is answered unless a source is given.',
  parameters: eventId,
  query: z.object({
    source: text('Only the event from this source', 'https://github.com/keptn/keptn/cli#configuration-change'),
  }),
  answers: { 200: { description: 'The event', body: cloudEventAnswer } },
  errors: ['INVALID_REQUEST', 'EVENT_NOT_FOUND'],
});

export const traceContext = route({
  method: 'GET',
  path: '/event/context/{keptnContext}',
  scope: 'event:read',
  keepsToProjects: true,
  tag,
  summary: 'Read the trace of a Keptn context, oldest event first',
  description:
    'All events of one run, by time and, at the same time, in the order in which they were stored. With ' +
    `\`Accept: ${LINE_STREAM}\` all of them come in one answer, one a line.`,
  parameters: z.object({
    keptnContext: z.string().min(1).max(512).meta({
      description: 'Keptn context, as every answer to a sent event names it',
      example: 'a3e5f16d-8888-4720-82c7-6995062905c1',
    }),
  }),
  query: z.object({ pageSize: pageSize(1000, 100), nextPageKey: pageKey }),
  answers: { 200: { description: 'One page of the trace', body: eventList } },
  alsoAsLines: true,
  errors: ['INVALID_REQUEST', 'INVALID_PAGE_KEY', 'CONTEXT_NOT_FOUND'],
});

/** The keys of a filter, by the names that events have on the wire (contract 5.4). */
export const FILTER_KEYS = [
  'data.project',
  'data.stage',
  'data.service',
  'data.result',
  'shkeptncontext',
  'source',
  'id',
  'triggeredid',
  'specversion',
] as const;

export const listEventsOfType = route({
  method: 'GET',
  path: '/event/type/{eventType}',
  scope: 'event:read',
  keepsToProjects: true,
  tag,
  summary: 'List the latest events of a type, newest first',
  description: 'For quality gates and charts: the results of a service in a stage, without those declared invalid.',
  parameters: z.object({
    eventType: z
      .string()
      .min(1)
      .max(512)
      .meta({ description: 'Type of the events', example: 'sh.keptn.events.evaluation-done' }),
  }),
  query: z.object({
    filter: z
      .string()
      .default('')
      .meta({
        description:
          'Clauses `key:value`, joined by ` AND `; a comma-separated list of values means one of them. Must hold ' +
          `data.project or shkeptncontext. Keys: ${FILTER_KEYS.join(', ')}`,
        example: 'data.project:sockshop AND data.stage:staging AND data.service:carts AND data.result:pass,warning',
      }),
    excludeInvalidated: flag('Leave out events that an event of the matching `.invalidated` type names'),
    omitData: flag(
      'Answer only which events there are: their attributes and, as `sequence`, their number in the log, without data and extensions',
    ),
    fromTime: time('Only events later than this time'),
    limit: pageSize(100, 20),
    wait,
  }),
  answers: {
    200: {
      description: 'The events',
      body: z
        .object({ events: z.array(cloudEventAnswer) })
        .meta({ id: 'EventsOfType', description: 'The events that match, newest first' }),
      headers: { Warning: { description: 'Which parts of the filter are no `key:value`' } },
    },
  },
  errors: ['INVALID_REQUEST', 'INVALID_FILTER', 'DATABASE_UNAVAILABLE', 'QUERY_TOO_SLOW'],
});

export const streamEvents = route({
  method: 'GET',
  path: '/event/stream',
  scope: 'event:read',
  keepsToProjects: true,
  tag,
  summary: 'Follow events as they are stored (Server-Sent Events)',
  description:
    'Without `Last-Event-ID` the stream begins with the next event that is stored, or with `recent` a moment before, so ' +
    'that nothing falls between what a client has read before and the stream. With it, it goes on after the event with ' +
    'that id, so a client that was cut off misses nothing; `0` means the whole log. The id of a message is the sequence ' +
    'number of its event, the data its JSON. A reader that is too slow is disconnected and can come back. Signs of life are ' +
    'comments, or with `heartbeat` messages of the event `heartbeat` without an id, whose data is the number of milliseconds ' +
    'until the next one; the first comes at once.',
  headers: {
    'Last-Event-ID': { description: 'The id of the last message received', pattern: '^[0-9]{0,15}$', example: '42' },
  },
  query: z.object({
    ...eventFilter,
    lastEventId: z.string().max(20).optional().meta({
      description: 'Stands in for the header Last-Event-ID, for clients that cannot set it',
      example: '42',
    }),
    recent,
    heartbeat: flag('Show signs of life to scripts of a browser, which see no comments'),
  }),
  answers: {
    200: { description: 'A stream that ends when the client or the service does', mediaType: 'text/event-stream' },
  },
  errors: ['INVALID_REQUEST', 'SERVICE_UNAVAILABLE', 'DATABASE_UNAVAILABLE'],
});
