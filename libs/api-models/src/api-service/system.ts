import { z } from 'zod';
import { route } from '../contract/route';

const serviceState = z
  .object({
    name: z.string().meta({ example: 'event-broker' }),
    state: z.enum(['ready', 'not ready', 'unreachable']),
    reason: z.string().optional().meta({
      description: 'Why it is not ready',
      example: 'not ready: mongodb: no answer within 2000 ms',
    }),
    isOptional: z.boolean().meta({ description: 'Whether an installation may leave it out' }),
  })
  .meta({ id: 'ServiceState' });

const distributionState = z
  .object({
    subscriptions: z.int().meta({ example: 4 }),
    inactive: z.array(z.string()).meta({ description: 'Names of those that are paused or ended' }),
    failing: z.array(z.string()).meta({ description: 'Names of those whose last attempt failed' }),
    pending: z.int().meta({ description: 'Events that wait for another attempt, of all subscriptions', example: 0 }),
    lag: z.int().meta({
      description:
        'Sequence numbers between the oldest event that is not delivered to an active subscription and the end of the log',
      example: 0,
    }),
  })
  .meta({ id: 'DistributionState' });

const failingUpstream = z
  .object({
    project: z.string().meta({ example: 'sockshop' }),
    failingSince: z.string().meta({ example: '2026-01-31T12:00:00.000Z' }),
    lastError: z.string().meta({ description: 'Why; never holds a credential' }),
    ahead: z.int().meta({ description: 'Commits that are not pushed yet', example: 2 }),
    behind: z.int().meta({ description: 'Commits of the upstream that are not here', example: 0 }),
  })
  .meta({ id: 'FailingUpstream' });

const systemState = z
  .object({
    keptnVersion: z.string().meta({ description: 'Keptn release whose API is kept', example: '0.7.3' }),
    readAt: z.iso.datetime().meta({ example: '2026-01-31T10:15:30.123Z' }),
    services: z.array(serviceState).meta({ description: 'Those with an API, in the order of their ports' }),
    logPosition: z
      .int()
      .optional()
      .meta({ description: 'Sequence number of the last event; absent while nobody can say', example: 4711 }),
    distribution: distributionState.optional().meta({ description: 'Absent while nobody can say' }),
    failingUpstreams: z.array(failingUpstream).optional().meta({ description: 'Absent while nobody can say' }),
  })
  .meta({ id: 'SystemState' });
export type SystemState = z.infer<typeof systemState>;

export const getSystemState = route({
  method: 'GET',
  path: '/v1/system',
  scope: 'system:read',
  tag: 'Metadata',
  summary: 'Read the state of the control plane itself',
  description:
    'Whether each service is ready, how far distribution is behind the log, and which upstream repositories do not take changes. It ' +
    'answers whatever is down, but for this service.',
  answers: { 200: { description: 'The state', body: systemState } },
  errors: [],
});
