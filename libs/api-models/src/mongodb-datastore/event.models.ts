import { cloudEventAnswer, cloudEventBody } from '@keptn/event-models';
import { z } from 'zod';

const { description, example } = cloudEventBody.meta() ?? {};

/** The name in the path of one event. */
export const eventId = z.object({
  id: z
    .string()
    .min(1)
    .max(512)
    .meta({ description: 'id of the event', example: '6de83495-4f83-481c-8dbe-fcceb2e0243b' }),
});

/** What a body of JSON may be; what it must be depends on the headers, too. */
export const postedEvent = z
  .looseObject(cloudEventBody.shape)
  .partial({ data: true, source: true })
  .meta({ description, example });

const storedEvent = z
  .object({
    id: z.string().meta({ description: 'The id of the event, made when the sender gave none' }),
    shkeptncontext: z.string().optional().meta({ description: 'The Keptn context, when the sender gave one' }),
    sequence: z
      .int()
      .optional()
      .meta({ description: 'Position of the event in the order of storing; absent for events that are not stored' }),
  })
  .meta({
    id: 'AcceptedEvent',
    examples: [
      {
        id: '6de83495-4f83-481c-8dbe-fcceb2e0243b',
        shkeptncontext: 'a3e5f16d-8888-4720-82c7-6995062905c1',
        sequence: 4711,
      },
    ],
  });

/** One for each event of a batch, in their order: what a single event is answered with, or why it was refused. */
export const batchResults = z.array(
  z
    .object({
      status: z.int().meta({ description: '201, or the status that the event alone would have got', example: 201 }),
      ...storedEvent.partial().shape,
      replayed: z.boolean().optional().meta({ description: 'true when it had been stored before' }),
      code: z.int().optional().meta({ description: 'Of a refused event: its status again', example: 400 }),
      message: z
        .string()
        .optional()
        .meta({ description: 'Of a refused event: what is wrong', example: 'type in body is required' }),
      reason: z
        .string()
        .optional()
        .meta({ description: 'Of a refused event: its stable name', example: 'INVALID_EVENT' }),
    })
    .meta({ id: 'BatchResult' }),
);

/** Refused lines that a report names; more are counted only. */
export const NAMED_REFUSALS = 100;

const refusal = z.object({
  line: z.int().meta({ description: 'Number of the line, counted from 1', example: 17 }),
  code: z.int().meta({ description: 'What a request with this event alone is answered', example: 400 }),
  message: z.string().meta({ example: 'type in body is required' }),
});

const importReport = z
  .object({
    stored: z.int().meta({ description: 'Events that were stored now', example: 4711 }),
    replayed: z.int().meta({ description: 'Events that had been stored before', example: 0 }),
    refused: z.int().meta({ description: 'Lines that were not stored', example: 1 }),
    refusals: z
      .array(refusal)
      .meta({ description: `Why; the first ${NAMED_REFUSALS} of them, in the order of the lines` }),
  })
  .meta({ id: 'ImportReport', description: 'The outcome of an import' });
export type ImportReport = z.infer<typeof importReport>;

/** What storing is answered with: for one event, for a batch, and for lines. */
export const storeAnswer = z.union([storedEvent, batchResults, importReport]);
export const partialStoreAnswer = z.union([batchResults, importReport]);

export const eventList = z
  .object({
    events: z.array(cloudEventAnswer),
    nextPageKey: z.string().optional().meta({
      description: 'Key of the next page; absent on the last one',
      example: '1637438649303300000000000000000000042',
    }),
    pageSize: z.int().meta({ description: 'How many events a page holds at most', example: 20 }),
    totalCount: z.int().meta({ description: 'How many events match, on all pages', example: 57 }),
  })
  .meta({ id: 'Events', description: 'One page of events' });
