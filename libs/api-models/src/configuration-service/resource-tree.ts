import { z } from 'zod';
import { route } from '../contract/route';
import { projectNames } from '../names';

const branch = {
  version: z.string().meta({
    description: 'Commit that is listed',
    example: '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
  }),
  resources: z.array(z.string()).meta({
    description:
      'Paths of the resources, in the order of a walk through the folders; those of a service are in its folder',
    example: ['carts/slo.yaml'],
  }),
};

const resourceTree = z
  .object({
    project: z.object(branch).meta({ id: 'ProjectBranch', description: 'Resources of the project itself' }),
    stages: z
      .array(
        z
          .object({
            stageName: z.string().meta({ example: 'dev' }),
            services: z.array(z.string()).meta({ description: 'Names of its services', example: ['carts'] }),
            ...branch,
          })
          .meta({ id: 'StageBranch' }),
      )
      .meta({ description: 'In the order of the shipyard' }),
  })
  .meta({ id: 'ResourceTree' });
export type ResourceTree = z.infer<typeof resourceTree>;

export const readResourceTree = route({
  method: 'GET',
  path: '/v1/project/{project}/resource-tree',
  scope: 'project:read',
  tag: 'Resources of projects',
  summary: 'List all resources of a project, of its stages and of their services',
  description: 'In one answer, whatever their number; a chart is listed as the files that it holds.',
  parameters: projectNames,
  answers: { 200: { description: 'The tree', body: resourceTree } },
  errors: ['PROJECT_NOT_FOUND'],
});
