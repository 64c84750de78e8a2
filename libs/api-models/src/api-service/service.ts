import { base64Content, serviceName } from '@keptn/event-models';
import { z } from 'zod';
import { optional, optionalMap } from '../contract/optional';
import { route } from '../contract/route';
import { eventContext } from '../event-context';
import { projectNames, serviceInAllStagesNames } from '../names';

const tag = 'Services';

const deploymentStrategy = z.enum(['direct', 'duplicate'], {
  error: ({ input }) => `The deployment strategy ${String(input)} is invalid: use direct or duplicate`,
});

const newService = z
  .object({
    serviceName,
    helmChart: optional(
      base64Content().meta({
        description: 'A Helm chart as .tgz in base64, stored as helm/<serviceName>.tgz on every stage',
      }),
    ),
    deploymentStrategies: optionalMap(deploymentStrategy).meta({
      description: 'Strategy by stage, or by `*` for all stages',
      examples: [{ '*': 'direct' }],
    }),
  })
  .meta({ id: 'CreateService', example: { serviceName: 'carts', deploymentStrategies: { '*': 'direct' } } });

export const createService = route({
  method: 'POST',
  path: '/v1/project/{project}/service',
  scope: 'service:write',
  tag,
  summary: 'Create a service',
  description: 'It exists on every stage when this answers 200.',
  parameters: projectNames,
  body: newService,
  answers: { 200: { description: 'The service is created', body: eventContext } },
  errors: ['INVALID_REQUEST', 'INVALID_CHART', 'PROJECT_NOT_FOUND', 'NO_STAGES', 'SERVICE_EXISTS'],
});

export const deleteService = route({
  method: 'DELETE',
  path: '/v1/project/{project}/service/{service}',
  scope: 'service:write',
  tag,
  summary: 'Delete a service from every stage',
  parameters: serviceInAllStagesNames,
  answers: { 200: { description: 'The service is deleted', body: eventContext } },
  errors: ['INVALID_REQUEST', 'PROJECT_NOT_FOUND', 'SERVICE_NOT_FOUND'],
});
