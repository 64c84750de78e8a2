import { base64Content, projectName } from '@keptn/event-models';
import { z } from 'zod';
import { optional } from '../contract/optional';
import { route } from '../contract/route';
import { eventContext } from '../event-context';
import { projectNames } from '../names';

/** Three stages: dev, staging, production. */
const SHIPYARD = 'c3RhZ2VzOgogIC0gbmFtZTogZGV2CiAgLSBuYW1lOiBzdGFnaW5nCiAgLSBuYW1lOiBwcm9kdWN0aW9uCg==';

const tag = 'Projects';

/** Names as in the original: its API says `gitRemoteURL` where configuration-service says `gitRemoteURI`. */
const newProject = z
  .object({
    name: projectName,
    shipyard: base64Content().meta({
      description: 'The shipyard file (YAML) that names the stages, in base64',
      example: SHIPYARD,
    }),
    gitUser: optional(z.string()).meta({ description: 'User of the upstream Git repository' }),
    gitToken: optional(z.string()).meta({ description: 'Token or password of that user', writeOnly: true }),
    gitPrivateKey: optional(z.string()).meta({
      description: 'Private key for an upstream Git repository behind SSH',
      writeOnly: true,
    }),
    gitRemoteURL: optional(z.string()).meta({
      description: 'URL of the upstream Git repository, without credentials',
    }),
  })
  .meta({ id: 'CreateProject', example: { name: 'sockshop', shipyard: SHIPYARD } });

const creationQuery = z.object({
  dryRun: z
    .enum(['true', 'false'], '{field} must be true or false')
    .optional()
    .meta({ description: 'true: test name, shipyard and upstream, and change nothing' }),
});

export const createProject = route({
  method: 'POST',
  path: '/v1/project',
  scope: 'project:write',
  keepsToProjects: true,
  tag,
  summary: 'Create a project',
  description: 'The project and its stages exist when this answers 200.',
  query: creationQuery,
  body: newProject,
  answers: {
    200: { description: 'The project is created', body: eventContext },
    204: { description: 'With dryRun: the project could be created' },
  },
  errors: ['INVALID_SHIPYARD', 'UPSTREAM_NOT_USABLE', 'PROJECT_EXISTS'],
});

export const deleteProject = route({
  method: 'DELETE',
  path: '/v1/project/{project}',
  scope: 'project:write',
  tag,
  summary: 'Delete a project, its resources and its events',
  parameters: projectNames,
  answers: { 200: { description: 'The project is deleted', body: eventContext } },
  errors: ['PROJECT_NOT_FOUND'],
});
