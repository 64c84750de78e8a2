import { optional, optionalMap } from '@keptn/api-models';
import { base64Content, serviceName } from '@keptn/event-models';
import { z } from 'zod';

const deploymentStrategy = z.enum(['direct', 'duplicate'], {
  error: ({ input }) => `The deployment strategy ${String(input)} is invalid: use direct or duplicate`,
});

export const createService = z
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

export type CreateService = z.infer<typeof createService>;
