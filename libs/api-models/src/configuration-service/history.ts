import { resourceUri } from '@keptn/event-models';
import { z } from 'zod';
import { given } from '../contract/given';
import { route } from '../contract/route';
import { projectNames, serviceNames, stageNames } from '../names';
import { nextPageKey, pageSize } from './page';

const commitId = z
  .string()
  .regex(/^[0-9a-f]{40}$/, '{field} must be the nextPageKey of the page before: 40 hexadecimal digits');

const query = z.object({
  resourceURI: resourceUri.optional().meta({
    description: 'Only the commits that changed this resource, or something in this folder; all when absent',
  }),
  pageSize,
  nextPageKey: given(commitId.meta({ description: 'The `nextPageKey` of the page before; absent for the first page' })),
});
export type HistoryQuery = z.infer<typeof query>;

const historyEntry = z
  .object({
    version: z.string().meta({
      description: 'Id of the commit; `gitCommitID` of a read takes it',
      example: '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
    }),
    time: z.iso.datetime().meta({ description: 'When it was committed', example: '2020-11-02T09:30:00Z' }),
    author: z
      .object({ name: z.string().meta({ example: 'keptn' }), email: z.string().meta({ example: 'keptn@keptn.com' }) })
      .meta({
        id: 'CommitAuthor',
        description: 'Who wrote the change; in commits of this service, as it is configured',
      }),
    message: z.string().meta({ description: 'Without its trailers', example: 'Updated resource: slo.yaml' }),
    keptnContext: z.string().optional().meta({
      description: 'The Keptn context that the change belongs to, where one is known',
      example: '08735340-6f9e-4b32-97ff-3b6c292bc509',
    }),
  })
  .meta({ id: 'HistoryEntry' });
export type HistoryEntry = z.infer<typeof historyEntry>;

const historyPage = z
  .object({
    nextPageKey,
    branch: z.string().meta({ description: 'Branch whose history it is', example: 'dev' }),
    history: z.array(historyEntry).meta({ description: 'Newest first' }),
  })
  .meta({ id: 'HistoryPage' });
export type HistoryPage = z.infer<typeof historyPage>;

const read = {
  method: 'GET',
  scope: 'project:read',
  tag: 'History of resources',
  description: 'The commits that changed a resource, or any of them: who, when and why. A merge counts as one.',
  query,
  answers: { 200: { description: 'One page', body: historyPage } },
} as const;

export const readProjectHistory = route({
  ...read,
  path: '/v1/project/{project}/history',
  summary: "Read the history of a project's resources",
  parameters: projectNames,
  errors: ['PROJECT_NOT_FOUND', 'RESOURCE_NOT_FOUND', 'COMMIT_NOT_FOUND'],
});

export const readStageHistory = route({
  ...read,
  path: '/v1/project/{project}/stage/{stage}/history',
  summary: "Read the history of a stage's resources",
  parameters: stageNames,
  errors: ['PROJECT_NOT_FOUND', 'STAGE_NOT_FOUND', 'RESOURCE_NOT_FOUND', 'COMMIT_NOT_FOUND'],
});

export const readServiceHistory = route({
  ...read,
  path: '/v1/project/{project}/stage/{stage}/service/{service}/history',
  summary: "Read the history of a service's resources in a stage",
  parameters: serviceNames,
  errors: ['PROJECT_NOT_FOUND', 'STAGE_NOT_FOUND', 'SERVICE_NOT_FOUND', 'RESOURCE_NOT_FOUND', 'COMMIT_NOT_FOUND'],
});
