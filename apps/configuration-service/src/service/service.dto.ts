import { serviceName } from '@keptn/event-models';
import { z } from 'zod';
import { pageFields } from '../domain/page.dto';
import { expandedService, serviceWithStages } from '../domain/read-models.dto';
import { resourceItems } from '../resource/resource.dto';

/** A service in one stage. */
export const createService = z
  .object({ serviceName: serviceName.meta({ description: 'Name of the new service', example: 'orders' }) })
  .meta({ id: 'CreateService' });
export type CreateService = z.infer<typeof createService>;

/** A service in all stages, with its first files. */
export const createServiceInAllStages = z
  .object({
    serviceName: serviceName.meta({ description: 'Name of the new service', example: 'payment' }),
    resources: resourceItems.nullish().meta({
      description: "Files that are written into the service's folder of every stage in the same step",
      example: [{ resourceURI: 'slo.yaml', resourceContent: 'c3BlY192ZXJzaW9uOiAnMS4wJwo=' }],
    }),
  })
  .meta({ id: 'CreateServiceInAllStages' });
export type CreateServiceInAllStages = z.infer<typeof createServiceInAllStages>;

export const changedStages = z
  .object({
    stages: z.array(z.string()).meta({ description: 'The stages that the change was made in', example: ['dev'] }),
  })
  .meta({ id: 'ChangedStages' });
export type ChangedStages = z.infer<typeof changedStages>;

export const updateService = z
  .object({ serviceName: serviceName.nullish().meta({ description: 'The name in the path', example: 'carts' }) })
  .meta({ id: 'UpdateService' });
export type UpdateService = z.infer<typeof updateService>;

export const expandedServices = z
  .object({ ...pageFields, services: z.array(expandedService) })
  .meta({ id: 'ExpandedServices' });
export type ExpandedServices = z.infer<typeof expandedServices>;

export const servicesWithStages = z
  .object({ ...pageFields, services: z.array(serviceWithStages) })
  .meta({ id: 'ExpandedServicesWithStageInfo' });
export type ServicesWithStages = z.infer<typeof servicesWithStages>;
