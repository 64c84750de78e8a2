import { cloudEventBody } from '@keptn/event-models';
import { type OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';

const { description, example } = cloudEventBody.meta() ?? {};

const postedEvent = z
  .looseObject(cloudEventBody.shape)
  .partial({ data: true, source: true })
  .meta({ description, example });

/**
 * Describes the body of POST /event and checks nothing: what the body may be depends on the headers, see `readPostedEvents`.
 */
export const postedEventSchema = z.toJSONSchema(postedEvent, { target: 'openapi-3.0', io: 'input' }) as NonNullable<
  NonNullable<OpenAPIObject['components']>['schemas']
>[string];

export const acceptedEvent = z
  .object({
    id: z.string().meta({ description: 'The id of the event, made when the sender gave none' }),
    shkeptncontext: z.string().optional().meta({ description: 'The Keptn context, when the sender gave one' }),
    sequence: z
      .int()
      .optional()
      .meta({ description: 'Place of the event in the order of storing; absent for events that are not stored' }),
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
      ...acceptedEvent.partial().shape,
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
