import { stageName } from '@keptn/event-models';
import { z } from 'zod';
import { optional } from '../contract/optional';
import { route } from '../contract/route';
import { projectNames, stageNames } from '../names';
import { pageFields, pageQuery } from './page';
import { expandedService } from './service';

const tag = 'Stages';

export const expandedStage = z
  .object({
    stageName: z.string().meta({ example: 'dev' }),
    services: z.array(expandedService).meta({ description: 'In the order of their creation' }),
  })
  .meta({ id: 'ExpandedStage' });
export type ExpandedStage = z.infer<typeof expandedStage>;

export const listStages = route({
  method: 'GET',
  path: '/v1/project/{project}/stage',
  scope: 'project:read',
  tag,
  summary: 'List the stages of a project with their services',
  parameters: projectNames,
  query: pageQuery,
  answers: {
    200: {
      description: 'One page, in the order of the shipyard',
      body: z.object({ ...pageFields, stages: z.array(expandedStage) }).meta({ id: 'ExpandedStages' }),
    },
  },
  errors: ['PROJECT_NOT_FOUND', 'VIEW_NOT_READY'],
});

export const getStage = route({
  method: 'GET',
  path: '/v1/project/{project}/stage/{stage}',
  scope: 'project:read',
  tag,
  summary: 'Get a stage with its services',
  parameters: stageNames,
  answers: { 200: { description: 'The stage', body: expandedStage } },
  errors: ['PROJECT_NOT_FOUND', 'STAGE_NOT_FOUND', 'VIEW_NOT_READY'],
});

export const createStage = route({
  method: 'POST',
  path: '/v1/project/{project}/stage',
  scope: 'project:write',
  tag,
  summary: 'Create a stage',
  description: "Makes a branch that starts with what is on the project's branch now. The shipyard stays as it is.",
  isInternal: true,
  parameters: projectNames,
  body: z
    .object({ stageName: stageName.meta({ description: 'Name of the new stage', example: 'production' }) })
    .meta({ id: 'CreateStage' }),
  answers: { 204: { description: 'The stage exists' } },
  errors: ['PROJECT_NOT_FOUND', 'STAGE_EXISTS', 'VIEW_NOT_READY'],
});

export const updateStage = route({
  method: 'PUT',
  path: '/v1/project/{project}/stage/{stage}',
  scope: 'project:write',
  tag,
  summary: 'Update a stage',
  description: 'A stage has nothing to update but its name, which cannot change: nothing happens.',
  isInternal: true,
  parameters: stageNames,
  body: z
    .object({ stageName: optional(stageName).meta({ description: 'The name in the path', example: 'dev' }) })
    .meta({ id: 'UpdateStage' }),
  answers: { 204: { description: 'The stage exists' } },
  errors: ['NAME_MISMATCH', 'PROJECT_NOT_FOUND', 'STAGE_NOT_FOUND', 'VIEW_NOT_READY'],
});

export const deleteStage = route({
  method: 'DELETE',
  path: '/v1/project/{project}/stage/{stage}',
  scope: 'project:write',
  tag,
  summary: 'Delete a stage',
  description: 'Deletes its branch with all services and resources in it. The shipyard stays as it is.',
  isInternal: true,
  parameters: stageNames,
  answers: { 204: { description: 'The stage is deleted' } },
  errors: ['PROJECT_NOT_FOUND', 'STAGE_NOT_FOUND', 'VIEW_NOT_READY'],
});
