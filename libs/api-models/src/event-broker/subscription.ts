import { z } from 'zod';
import { integerParameter } from '../contract/integer-parameter';
import { route } from '../contract/route';
import {
  createdSubscription,
  newSubscription,
  replaySpan,
  rotatedSecret,
  subscription,
  subscriptionName,
  subscriptionUpdate,
} from './subscription.models';

const SUBSCRIPTIONS = 'Subscriptions';

const names = z.object({ name: subscriptionName });

const subscriptions = z.object({ subscriptions: z.array(subscription) }).meta({ id: 'Subscriptions' });

export const createSubscription = route({
  method: 'POST',
  path: '/v1/subscriptions',
  scope: 'subscription:write',
  keepsToProjects: true,
  tag: SUBSCRIPTIONS,
  summary: 'Create a subscription',
  description:
    'Events that are stored from now on are posted to the sink, at least once, and in order within a Keptn context. Requests are ' +
    'signed (Standard Webhooks) with the secret that this answers. 410 from the receiver ends the subscription; what fails is tried ' +
    'again with growing pauses, and `Retry-After` is obeyed. Sinks in loopback, link-local and private networks are refused unless ' +
    'the installation allows them.',
  body: newSubscription,
  answers: { 201: { description: 'The subscription is active', body: createdSubscription } },
  errors: ['SUBSCRIPTION_EXISTS', 'INVALID_FILTER', 'INVALID_TEMPLATE', 'SINK_NOT_PERMITTED', 'DATABASE_UNAVAILABLE'],
});

export const listSubscriptions = route({
  method: 'GET',
  path: '/v1/subscriptions',
  scope: 'subscription:read',
  keepsToProjects: true,
  tag: SUBSCRIPTIONS,
  summary: 'List all subscriptions',
  answers: { 200: { description: 'By name', body: subscriptions } },
  errors: ['DATABASE_UNAVAILABLE'],
});

export const getSubscription = route({
  method: 'GET',
  path: '/v1/subscriptions/{name}',
  scope: 'subscription:read',
  keepsToProjects: true,
  tag: SUBSCRIPTIONS,
  summary: 'Get a subscription, and how it fares',
  parameters: names,
  answers: { 200: { description: 'The subscription', body: subscription } },
  errors: ['SUBSCRIPTION_NOT_FOUND', 'DATABASE_UNAVAILABLE'],
});

export const readSubscriptionPosition = route({
  method: 'GET',
  path: '/v1/subscriptions/{name}/position',
  scope: 'system:manage',
  tag: SUBSCRIPTIONS,
  summary: 'Read up to where the log was delivered to a subscription',
  description: 'Waits a moment for the position that is asked for, and answers where it is by then.',
  isInternal: true,
  parameters: names,
  query: z.object({
    notOlderThan: integerParameter(0, Number.MAX_SAFE_INTEGER)
      .optional()
      .transform((position) => position ?? 0)
      .meta({ type: 'integer', description: 'The sequence number to wait for', example: 4711 }),
  }),
  answers: {
    200: {
      description: 'The position',
      body: z
        .object({
          position: z.int().min(0).meta({
            description: 'Everything up to this sequence number that the subscription wants was delivered or given up',
            example: 4711,
          }),
        })
        .meta({ id: 'SubscriptionPosition' }),
    },
  },
  errors: ['INVALID_REQUEST', 'SUBSCRIPTION_NOT_FOUND', 'DATABASE_UNAVAILABLE'],
});

export const updateSubscription = route({
  method: 'PUT',
  path: '/v1/subscriptions/{name}',
  scope: 'subscription:write',
  keepsToProjects: true,
  tag: SUBSCRIPTIONS,
  summary: 'Change a subscription',
  description: 'Its position stays, so that nothing is lost or repeated.',
  parameters: names,
  body: subscriptionUpdate,
  answers: { 200: { description: 'The subscription is changed', body: subscription } },
  errors: [
    'SUBSCRIPTION_NOT_FOUND',
    'SUBSCRIPTION_DECLARED',
    'INVALID_FILTER',
    'INVALID_TEMPLATE',
    'SINK_NOT_PERMITTED',
    'DATABASE_UNAVAILABLE',
  ],
});

export const deleteSubscription = route({
  method: 'DELETE',
  path: '/v1/subscriptions/{name}',
  scope: 'subscription:write',
  keepsToProjects: true,
  tag: SUBSCRIPTIONS,
  summary: 'Delete a subscription and its deliveries',
  parameters: names,
  answers: { 200: { description: 'The subscription is deleted' } },
  errors: ['SUBSCRIPTION_NOT_FOUND', 'SUBSCRIPTION_DECLARED', 'DATABASE_UNAVAILABLE'],
});

export const pauseSubscription = route({
  method: 'POST',
  path: '/v1/subscriptions/{name}/pause',
  scope: 'subscription:write',
  keepsToProjects: true,
  tag: SUBSCRIPTIONS,
  summary: 'Pause a subscription',
  description: 'Events stay in the log. Retention does not wait for a paused subscription.',
  parameters: names,
  answers: { 200: { description: 'The subscription is paused', body: subscription } },
  errors: ['SUBSCRIPTION_NOT_FOUND', 'SUBSCRIPTION_DECLARED', 'DATABASE_UNAVAILABLE'],
});

export const resumeSubscription = route({
  method: 'POST',
  path: '/v1/subscriptions/{name}/resume',
  scope: 'subscription:write',
  keepsToProjects: true,
  tag: SUBSCRIPTIONS,
  summary: 'Resume a subscription where it was paused or ended',
  parameters: names,
  answers: { 200: { description: 'The subscription is active', body: subscription } },
  errors: ['SUBSCRIPTION_NOT_FOUND', 'SUBSCRIPTION_DECLARED', 'DATABASE_UNAVAILABLE'],
});

export const rotateSecret = route({
  method: 'POST',
  path: '/v1/subscriptions/{name}/secret',
  scope: 'subscription:write',
  keepsToProjects: true,
  tag: SUBSCRIPTIONS,
  summary: 'Make a new signing secret',
  description: 'For a day requests are signed with both, so that a receiver can change over without a gap.',
  parameters: names,
  answers: { 200: { description: 'The new secret', body: rotatedSecret } },
  errors: ['SUBSCRIPTION_NOT_FOUND', 'SUBSCRIPTION_DECLARED', 'DATABASE_UNAVAILABLE'],
});

export const replayEvents = route({
  method: 'POST',
  path: '/v1/subscriptions/{name}/replay',
  scope: 'subscription:write',
  keepsToProjects: true,
  tag: SUBSCRIPTIONS,
  summary: 'Deliver a part of the log again',
  description:
    'The events of the span that the subscription wants are delivered once more, in order within a Keptn context, beside what comes ' +
    'meanwhile. The subscription shows how far it has come. Another replay takes the place of one that is under way; of ' +
    'a paused subscription it goes on when it is resumed.',
  parameters: names,
  body: replaySpan,
  answers: { 202: { description: 'The replay is under way', body: subscription } },
  errors: [
    'SUBSCRIPTION_NOT_FOUND',
    'SUBSCRIPTION_DECLARED',
    'INVALID_SPAN',
    'DATABASE_UNAVAILABLE',
    'SERVICE_UNAVAILABLE',
  ],
});
