import { z } from 'zod';
import { given } from '../contract/given';
import { integerParameter } from '../contract/integer-parameter';
import { route } from '../contract/route';
import { delivery, deliveryOutcome } from './delivery.models';
import { subscriptionName } from './subscription.models';

const DELIVERIES = 'Deliveries';
const DEFAULT_PAGE_SIZE = 20;
const MAX_PAGE_SIZE = 100;

/** A delivery; clients of older releases name its event alone. */
const pageKey = z
  .string()
  .regex(/^\d{1,16}(?::[a-z0-9-]{1,63})?$/, '{field} must be the nextPageKey of the page before');

const deliveryQuery = z.object({
  subscription: subscriptionName.optional(),
  eventId: z.string().max(512).optional().meta({ description: 'Id of the event' }),
  keptnContext: z.string().max(512).optional().meta({ description: 'Keptn context of the events' }),
  outcome: deliveryOutcome.optional(),
  pageSize: integerParameter(1, MAX_PAGE_SIZE)
    .optional()
    .transform((size) => size ?? DEFAULT_PAGE_SIZE)
    .meta({ type: 'integer', description: `Items on a page; ${DEFAULT_PAGE_SIZE} when absent`, example: 20 }),
  nextPageKey: given(
    pageKey.meta({ description: 'The `nextPageKey` of the page before', example: '0000000000004711:approvals' }),
  ),
});

const deliveries = z
  .object({
    deliveries: z.array(delivery),
    nextPageKey: z.string().meta({
      description: 'Send it as `nextPageKey` to get the next page; "0" when this is the last one',
      example: '0',
    }),
  })
  .meta({ id: 'Deliveries' });

export const listDeliveries = route({
  method: 'GET',
  path: '/v1/deliveries',
  scope: 'subscription:read',
  keepsToProjects: true,
  tag: DELIVERIES,
  summary: 'List deliveries, those of the latest events first',
  description:
    'Of declared subscriptions only what was not accepted at the first attempt is listed. Deliveries are kept for some days.',
  query: deliveryQuery,
  answers: { 200: { description: 'One page', body: deliveries } },
  errors: ['INVALID_REQUEST', 'DATABASE_UNAVAILABLE'],
});

export const redeliver = route({
  method: 'POST',
  path: '/v1/subscriptions/{name}/deliveries/{sequence}/redeliver',
  scope: 'subscription:write',
  keepsToProjects: true,
  tag: DELIVERIES,
  summary: 'Deliver an event again, at once',
  description: 'One attempt, whatever became of the event before; the answer says what came of it.',
  parameters: z.object({
    name: subscriptionName,
    sequence: integerParameter(1, Number.MAX_SAFE_INTEGER).meta({
      type: 'integer',
      description: 'Number of the event in the log',
      example: 4711,
    }),
  }),
  answers: { 200: { description: 'What the attempt came to', body: delivery } },
  errors: ['SUBSCRIPTION_NOT_FOUND', 'EVENT_NOT_FOUND', 'SINK_UNUSABLE', 'DATABASE_UNAVAILABLE'],
});
