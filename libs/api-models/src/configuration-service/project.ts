import { projectName } from '@keptn/event-models';
import { z } from 'zod';
import { optional } from '../contract/optional';
import { route } from '../contract/route';
import { nanosecondsText } from './nanoseconds';
import { projectNames } from '../names';
import { pageFields, pageQuery } from './page';
import { expandedStage } from './stage';
import { upstreamAnswer, upstreamFields } from './upstream';

const tag = 'Projects';

const newProject = z
  .object({
    projectName: projectName.meta({ description: 'Name of the new project', example: 'sockshop-2' }),
    shipyard: optional(z.string()).meta({
      description:
        'Base64 of the shipyard (YAML). With it, shipyard.yaml and a branch for each of its stages are made together ' +
        'with the project. Empty: the upstream repository must have one',
      example: 'c3RhZ2VzOgogIC0gbmFtZTogImRldiIKICAgIGRlcGxveW1lbnRfc3RyYXRlZ3k6ICJkaXJlY3QiCg==',
    }),
    ...upstreamFields,
  })
  .meta({ id: 'CreateProject' });

const expandedProject = z
  .object({
    projectName: z.string().meta({ example: 'sockshop' }),
    shipyard: z.string().optional().meta({ description: 'Base64 of shipyard.yaml; absent when the project has none' }),
    creationDate: nanosecondsText,
    ...upstreamAnswer,
    stages: z.array(expandedStage).meta({ description: 'In the order of the shipyard' }),
  })
  .meta({ id: 'ExpandedProject' });
export type ExpandedProject = z.infer<typeof expandedProject>;

export const listProjects = route({
  method: 'GET',
  path: '/v1/project',
  scope: 'project:read',
  keepsToProjects: true,
  tag,
  summary: 'List the projects with their stages and services',
  query: pageQuery,
  answers: {
    200: {
      description: 'One page, in the order of creation',
      body: z.object({ ...pageFields, projects: z.array(expandedProject) }).meta({ id: 'ExpandedProjects' }),
    },
  },
  errors: ['INVALID_REQUEST', 'VIEW_NOT_READY'],
});

export const getProject = route({
  method: 'GET',
  path: '/v1/project/{project}',
  scope: 'project:read',
  tag,
  summary: 'Get a project with its stages and services',
  parameters: projectNames,
  answers: { 200: { description: 'The project', body: expandedProject } },
  errors: ['PROJECT_NOT_FOUND', 'VIEW_NOT_READY'],
});

export const createProject = route({
  method: 'POST',
  path: '/v1/project',
  scope: 'project:write',
  keepsToProjects: true,
  tag,
  summary: 'Create a project',
  description:
    'Makes the Git repository, and with a shipyard also shipyard.yaml and a branch for each stage, as one step. With an ' +
    'upstream repository, what is in it becomes the content of the project: its branches become stages, and its ' +
    'shipyard.yaml counts when none is given.',
  isInternal: true,
  query: z.object({
    dryRun: z
      .enum(['true', 'false'], '{field} must be true or false')
      .optional()
      .meta({ description: 'true: test name, shipyard and upstream, and change nothing' }),
  }),
  body: newProject,
  answers: { 204: { description: 'The project exists' } },
  errors: ['INVALID_SHIPYARD', 'UPSTREAM_NOT_USABLE', 'UPSTREAM_MOUNTED', 'PROJECT_EXISTS', 'VIEW_NOT_READY'],
});

export const updateProject = route({
  method: 'PUT',
  path: '/v1/project/{project}',
  scope: 'project:write',
  tag,
  summary: 'Update a project',
  description:
    'Sets or changes the upstream repository, after a test; what is left out stays. An empty gitRemoteURI removes it.',
  isInternal: true,
  parameters: projectNames,
  body: z.object({ projectName: optional(projectName), ...upstreamFields }).meta({ id: 'UpdateProject' }),
  answers: { 204: { description: 'The project is updated' } },
  errors: [
    'NOTHING_TO_UPDATE',
    'NAME_MISMATCH',
    'UPSTREAM_NOT_USABLE',
    'UPSTREAM_MOUNTED',
    'PROJECT_NOT_FOUND',
    'VIEW_NOT_READY',
  ],
});

export const deleteProject = route({
  method: 'DELETE',
  path: '/v1/project/{project}',
  scope: 'project:write',
  tag,
  summary: 'Delete a project',
  description: 'Deletes its repository with all resources and their history.',
  isInternal: true,
  parameters: projectNames,
  answers: { 204: { description: 'The project is deleted' } },
  errors: ['PROJECT_NOT_FOUND', 'VIEW_NOT_READY'],
});
