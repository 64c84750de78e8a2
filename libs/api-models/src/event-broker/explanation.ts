import { z } from 'zod';
import { route } from '../contract/route';
import { subscriptionName } from './subscription.models';

const time = z.iso.datetime().meta({ example: '2026-01-31T10:15:30.123Z' });

const explainedDelivery = z
  .object({
    subscription: subscriptionName,
    outcome: z.enum(['delivered', 'retrying', 'refused', 'dead', 'waiting', 'unknown']).meta({
      description:
        'waiting: not tried yet; unknown: the list of deliveries does not go back so far; the others as in the list of deliveries',
    }),
    attemptCount: z.int().optional().meta({ description: 'Absent where attempts are not listed' }),
    lastAttemptAt: time.optional(),
    lastAnswer: z
      .string()
      .optional()
      .meta({ description: 'Status of the last answer, or why there was none', example: '503' }),
  })
  .meta({ id: 'ExplainedDelivery' });
export type ExplainedDelivery = z.infer<typeof explainedDelivery>;

const distributedEvent = z
  .object({
    sequence: z.int().meta({ description: 'Number under which the log has it', example: 4711 }),
    storedAt: time.optional().meta({ description: 'When it was accepted, which means durable' }),
    id: z.string(),
    source: z.string(),
    type: z.string(),
    deliveries: z.array(explainedDelivery).meta({ description: 'Of each subscription that wants it, by name' }),
  })
  .meta({ id: 'DistributedEvent' });
export type DistributedEvent = z.infer<typeof distributedEvent>;

export const explainDistribution = route({
  method: 'GET',
  path: '/v1/explanation/{keptnContext}',
  scope: 'subscription:read',
  keepsToProjects: true,
  tag: 'Deliveries',
  summary: 'Explain what became of the events of a Keptn context',
  description: 'When each was accepted, under which number, to whom it is delivered and with which outcome.',
  parameters: z.object({
    keptnContext: z
      .string()
      .min(1)
      .max(512)
      .meta({ description: 'Keptn context', example: 'a3e5f16d-8888-4720-82c7-6995062905c1' }),
  }),
  answers: {
    200: {
      description: 'The events in the order of the log',
      body: z.object({ events: z.array(distributedEvent) }).meta({ id: 'Distribution' }),
    },
  },
  errors: ['CONTEXT_NOT_FOUND', 'SERVICE_UNAVAILABLE', 'DATABASE_UNAVAILABLE'],
});
