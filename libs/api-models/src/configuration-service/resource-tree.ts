import { resourceUri, serviceName, stageName } from '@keptn/event-models';
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

/** Stands for what the branch holds now. */
export const CURRENT_VERSION = 'current';

const VERSION = `(?:${CURRENT_VERSION}|[0-9a-f]{40})`;

const query = z
  .object({
    resourceURI: resourceUri.optional().meta({
      description: 'Path of a resource whose content is answered as well, in `contents`',
      example: 'slo.yaml',
    }),
    stage: stageName
      .optional()
      .meta({ description: 'What `resourceURI` belongs to: a stage; the project when absent', example: 'dev' }),
    service: serviceName.optional().meta({ description: 'A service in that stage', example: 'carts' }),
    versions: z
      .string()
      .regex(
        new RegExp(`^${VERSION}(?:,${VERSION})?$`),
        `{field} must be one or two of \`${CURRENT_VERSION}\` and full ids of commits, with a comma between`,
      )
      .optional()
      .transform((text = CURRENT_VERSION) => text.split(','))
      .meta({
        type: 'string',
        description: `Versions of \`resourceURI\`: \`${CURRENT_VERSION}\` or a commit, or two of them to be compared; \`${CURRENT_VERSION}\` when absent`,
        example: CURRENT_VERSION,
      }),
  })
  .refine(({ stage, service }) => service === undefined || stage !== undefined, {
    path: ['stage'],
    error: '{field} must be given where there is a service',
  });

const resourceVersion = z
  .object({
    version: z.string().meta({ description: 'As it was asked for', example: CURRENT_VERSION }),
    resourceContent: z.string().optional().meta({
      description: 'Base64; absent where this version does not have the resource',
      example: 'c3BlY192ZXJzaW9uOiAnMS4wJwo=',
    }),
    entityTag: z.string().optional().meta({
      description: 'Names this content, as `If-Match` takes it',
      example: '"8ab686eafeb1f44702738c8b0f24f2567c36da6d"',
    }),
  })
  .meta({ id: 'ResourceVersion' });
export type ResourceVersion = z.infer<typeof resourceVersion>;

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
    contents: z
      .array(resourceVersion)
      .optional()
      .meta({ description: 'Of `resourceURI`, in the order of `versions`; absent when none was asked for' }),
  })
  .meta({ id: 'ResourceTree' });
export type ResourceTree = z.infer<typeof resourceTree>;

export const readResourceTree = route({
  method: 'GET',
  path: '/v1/project/{project}/resource-tree',
  scope: 'project:read',
  tag: 'Resources of projects',
  summary: 'List all resources of a project, of its stages and of their services',
  description:
    'In one answer, whatever their number; a chart is listed as the files that it holds. With `resourceURI` the content of one of ' +
    'them is in the same answer, in one version or in two.',
  parameters: projectNames,
  query,
  answers: { 200: { description: 'The tree', body: resourceTree } },
  errors: [
    'PROJECT_NOT_FOUND',
    'STAGE_NOT_FOUND',
    'SERVICE_NOT_FOUND',
    'RESOURCE_NOT_FOUND',
    'COMMIT_NOT_FOUND',
    'INVALID_CHART',
  ],
});
