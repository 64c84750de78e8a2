import { serviceName } from '@keptn/event-models';
import { z } from 'zod';
import { approval } from '../approval/approval.dto';
import { nanosecondsText } from '../clock/nanoseconds.dto';
import { pageFields } from '../paging/page.dto';
import { remediation } from '../remediation/remediation.dto';
import { resourceItems } from '../resource/resource.dto';

export const serviceParameter = serviceName.meta({ description: 'Name of the service', example: 'carts' });

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

export const eventContext = z
  .object({
    eventId: z.string().meta({ example: '6de83495-4f83-481c-8dbe-fcceb2e0243b' }),
    keptnContext: z.string().meta({ example: 'a3e5f16d-8888-4720-82c7-6995062905c1' }),
    time: nanosecondsText,
  })
  .meta({ id: 'EventContext' });

const deploymentFields = {
  deployedImage: z
    .string()
    .optional()
    .meta({ description: 'Of the last deployment-finished event', example: 'docker.io/keptnexamples/carts:0.11.1' }),
  lastEventTypes: z
    .record(z.string(), eventContext)
    .optional()
    .meta({ description: 'The last event of each type; absent when there was none' }),
};

export const expandedService = z
  .object({
    serviceName: z.string().meta({ example: 'carts' }),
    ...deploymentFields,
    creationDate: nanosecondsText,
    openApprovals: z.array(approval),
    openRemediations: z.array(remediation),
  })
  .meta({ id: 'ExpandedService' });
export type ExpandedService = z.infer<typeof expandedService>;

export const expandedServices = z
  .object({ ...pageFields, services: z.array(expandedService) })
  .meta({ id: 'ExpandedServices' });
export type ExpandedServices = z.infer<typeof expandedServices>;

const stageInfo = z
  .object({ stageName: z.string().meta({ example: 'dev' }), ...deploymentFields })
  .meta({ id: 'InverseServiceStageInfo' });

export const serviceWithStages = z
  .object({
    serviceName: z.string().meta({ example: 'carts' }),
    creationDate: nanosecondsText,
    stageInfo: z
      .array(stageInfo)
      .meta({ description: 'The stages that the service is in, in the order of the project' }),
  })
  .meta({ id: 'ExpandedServiceWithStageInfo' });
export type ServiceWithStages = z.infer<typeof serviceWithStages>;

export const servicesWithStages = z
  .object({ ...pageFields, services: z.array(serviceWithStages) })
  .meta({ id: 'ExpandedServicesWithStageInfo' });
export type ServicesWithStages = z.infer<typeof servicesWithStages>;
