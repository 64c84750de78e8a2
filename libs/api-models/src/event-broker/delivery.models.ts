import { z } from 'zod';
import { subscriptionName } from './subscription.models';

const time = z.iso.datetime().meta({ example: '2026-01-31T10:15:30.123Z' });

const attempt = z
  .object({
    at: time,
    durationMs: z.int(),
    status: z.int().optional().meta({ description: 'Of the answer; absent when there was none', example: 503 }),
    error: z.string().optional().meta({ description: 'Why there was no answer', example: 'connect ECONNREFUSED' }),
    answer: z.string().optional().meta({ description: 'The first bytes of the answer' }),
  })
  .meta({ id: 'DeliveryAttempt' });
export type DeliveryAttempt = z.infer<typeof attempt>;

export const deliveryOutcome = z.enum(['delivered', 'retrying', 'refused', 'dead']).meta({
  description:
    'refused: the receiver will never want this event; dead: given up after the last attempt. Both can be delivered again',
});
export type DeliveryOutcome = z.infer<typeof deliveryOutcome>;

export const delivery = z
  .object({
    subscription: subscriptionName,
    sequence: z.int().meta({ description: 'Number of the event in the log', example: 4711 }),
    eventId: z.string(),
    source: z.string(),
    type: z.string(),
    keptnContext: z.string().optional(),
    outcome: deliveryOutcome,
    attempts: z.array(attempt).meta({ description: 'The latest ones, oldest first' }),
    attemptCount: z.int(),
    lastAttemptAt: time,
  })
  .meta({ id: 'Delivery' });
export type Delivery = z.infer<typeof delivery>;
