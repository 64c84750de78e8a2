import { errorBody, eventContext } from '@keptn/api-models';
import { cloudEventBody } from '@keptn/event-models';
import { z } from 'zod';

export const latestEventQuery = z.object({
  keptnContext: z
    .string()
    .min(1, '{field} is required')
    .meta({
      description: 'Keptn context of the event',
      examples: ['6d79636f-6e74-4578-b420-202020202020'],
    }),
  type: z
    .string()
    .min(1, '{field} is required')
    .meta({
      description: 'Type of the event',
      examples: ['sh.keptn.events.evaluation-done'],
    }),
});

export type LatestEventQuery = z.infer<typeof latestEventQuery>;

export const idempotencyKey = z.string().min(1).max(255).optional();

/** What an event may look like; which attributes are headers in binary mode is not for a schema to say. */
export const sentEvents = z
  .union([cloudEventBody, z.array(cloudEventBody)])
  .meta({ example: z.globalRegistry.get(cloudEventBody)?.['example'] });

/** One for each event of a batch, in their order: what a single event is answered with, or why it was refused. */
export const sentBatch = z.array(
  z
    .object({
      status: z.int().meta({ description: '200, or the status that the event alone would have got', example: 200 }),
      ...eventContext.partial().shape,
      ...errorBody.partial().shape,
    })
    .meta({ id: 'SentEvent' }),
);
export type SentBatch = z.infer<typeof sentBatch>;
