import { serviceName } from '@keptn/event-models';
import { z } from 'zod';
import { optional } from '../contract/optional';
import { route } from '../contract/route';
import { nanosecondsText } from './nanoseconds';
import { projectNames, serviceInAllStagesNames, serviceNames, stageNames } from '../names';
import { approval, remediation } from './open-item.models';
import { pageFields, pageQuery } from './page';
import { resourceItems } from './resource.models';

const tag = 'Services';

const lastEvent = z
  .object({
    eventId: z.string().meta({ example: '6de83495-4f83-481c-8dbe-fcceb2e0243b' }),
    keptnContext: z.string().meta({ example: 'a3e5f16d-8888-4720-82c7-6995062905c1' }),
    time: nanosecondsText,
  })
  .meta({ id: 'LastEvent' });

const deploymentFields = {
  deployedImage: z
    .string()
    .optional()
    .meta({ description: 'Of the last deployment-finished event', example: 'docker.io/keptnexamples/carts:0.11.1' }),
  lastEventTypes: z
    .record(z.string(), lastEvent)
    .optional()
    .meta({ description: 'The last event of each type; absent when there was none' }),
};

/** A service in one stage. */
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

/** A service with the stages that it is in. */
const serviceWithStages = z
  .object({
    serviceName: z.string().meta({ example: 'carts' }),
    creationDate: nanosecondsText,
    stageInfo: z
      .array(
        z
          .object({ stageName: z.string().meta({ example: 'dev' }), ...deploymentFields })
          .meta({ id: 'InverseServiceStageInfo' }),
      )
      .meta({ description: 'The stages that the service is in, in the order of the project' }),
  })
  .meta({ id: 'ExpandedServiceWithStageInfo' });
export type ServiceWithStages = z.infer<typeof serviceWithStages>;

const changedStages = z
  .object({
    stages: z
      .array(z.string())
      .meta({ description: 'The stages that were changed, in the order of the project', example: ['dev'] }),
  })
  .meta({ id: 'ChangedStages' });

export const listServices = route({
  method: 'GET',
  path: '/v1/project/{project}/service',
  scope: 'project:read',
  tag,
  summary: 'List the services of a project, each with its stages',
  parameters: projectNames,
  query: pageQuery,
  answers: {
    200: {
      description: 'One page, in the order of creation',
      body: z
        .object({ ...pageFields, services: z.array(serviceWithStages) })
        .meta({ id: 'ExpandedServicesWithStageInfo' }),
    },
  },
  errors: ['PROJECT_NOT_FOUND', 'VIEW_NOT_READY'],
});

export const getService = route({
  method: 'GET',
  path: '/v1/project/{project}/service/{service}',
  scope: 'project:read',
  tag,
  summary: 'Get a service with its stages',
  parameters: serviceInAllStagesNames,
  answers: { 200: { description: 'The service', body: serviceWithStages } },
  errors: ['PROJECT_NOT_FOUND', 'SERVICE_NOT_FOUND', 'VIEW_NOT_READY'],
});

export const createService = route({
  method: 'POST',
  path: '/v1/project/{project}/service',
  scope: 'service:write',
  tag,
  summary: 'Create a service in all stages',
  description: 'Makes the service, with its first resources, on the branches of all stages as one step.',
  isInternal: true,
  parameters: projectNames,
  body: z
    .object({
      serviceName: serviceName.meta({ description: 'Name of the new service', example: 'payment' }),
      resources: optional(resourceItems).meta({
        description: "Files that are written into the service's folder of every stage in the same step",
        example: [{ resourceURI: 'slo.yaml', resourceContent: 'c3BlY192ZXJzaW9uOiAnMS4wJwo=' }],
      }),
    })
    .meta({ id: 'CreateServiceInAllStages' }),
  answers: { 200: { description: 'The service exists in all stages', body: changedStages } },
  errors: [
    'INVALID_REQUEST',
    'INVALID_CHART',
    'DUPLICATE_RESOURCE',
    'RESOURCE_PROTECTED',
    'PROJECT_NOT_FOUND',
    'SERVICE_EXISTS',
    'NO_STAGES',
    'VIEW_NOT_READY',
  ],
});

export const deleteService = route({
  method: 'DELETE',
  path: '/v1/project/{project}/service/{service}',
  scope: 'service:write',
  tag,
  summary: 'Delete a service from all stages',
  description: 'Deletes its folders from the branches of all stages as one step.',
  isInternal: true,
  parameters: serviceInAllStagesNames,
  answers: { 200: { description: 'The service is deleted', body: changedStages } },
  errors: ['PROJECT_NOT_FOUND', 'SERVICE_NOT_FOUND', 'VIEW_NOT_READY'],
});

export const listServicesOfStage = route({
  method: 'GET',
  path: '/v1/project/{project}/stage/{stage}/service',
  scope: 'project:read',
  tag,
  summary: 'List the services of a stage',
  parameters: stageNames,
  query: pageQuery,
  answers: {
    200: {
      description: 'One page, in the order of creation',
      body: z.object({ ...pageFields, services: z.array(expandedService) }).meta({ id: 'ExpandedServices' }),
    },
  },
  errors: ['PROJECT_NOT_FOUND', 'STAGE_NOT_FOUND', 'VIEW_NOT_READY'],
});

export const getServiceOfStage = route({
  method: 'GET',
  path: '/v1/project/{project}/stage/{stage}/service/{service}',
  scope: 'project:read',
  tag,
  summary: 'Get a service of a stage',
  parameters: serviceNames,
  answers: { 200: { description: 'The service', body: expandedService } },
  errors: ['PROJECT_NOT_FOUND', 'STAGE_NOT_FOUND', 'SERVICE_NOT_FOUND', 'VIEW_NOT_READY'],
});

export const createServiceInStage = route({
  method: 'POST',
  path: '/v1/project/{project}/stage/{stage}/service',
  scope: 'service:write',
  tag,
  summary: 'Create a service in one stage',
  isInternal: true,
  parameters: stageNames,
  body: z
    .object({ serviceName: serviceName.meta({ description: 'Name of the new service', example: 'orders' }) })
    .meta({ id: 'CreateService' }),
  answers: { 204: { description: 'The service exists in the stage' } },
  errors: ['PROJECT_NOT_FOUND', 'STAGE_NOT_FOUND', 'SERVICE_EXISTS', 'VIEW_NOT_READY'],
});

export const updateServiceOfStage = route({
  method: 'PUT',
  path: '/v1/project/{project}/stage/{stage}/service/{service}',
  scope: 'service:write',
  tag,
  summary: 'Update a service',
  description: 'A service has nothing to update but its name, which cannot change: nothing happens.',
  isInternal: true,
  parameters: serviceNames,
  body: z
    .object({ serviceName: optional(serviceName).meta({ description: 'The name in the path', example: 'carts' }) })
    .meta({ id: 'UpdateService' }),
  answers: { 204: { description: 'The service exists' } },
  errors: ['NAME_MISMATCH', 'PROJECT_NOT_FOUND', 'STAGE_NOT_FOUND', 'SERVICE_NOT_FOUND', 'VIEW_NOT_READY'],
});

export const deleteServiceFromStage = route({
  method: 'DELETE',
  path: '/v1/project/{project}/stage/{stage}/service/{service}',
  scope: 'service:write',
  tag,
  summary: 'Delete a service from one stage',
  description: 'Deletes its folder there.',
  isInternal: true,
  parameters: serviceNames,
  answers: { 204: { description: 'The service is deleted from the stage' } },
  errors: ['PROJECT_NOT_FOUND', 'STAGE_NOT_FOUND', 'SERVICE_NOT_FOUND', 'VIEW_NOT_READY'],
});
