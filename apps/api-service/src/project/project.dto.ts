import { base64Content, projectName } from '@keptn/event-models';
import { z } from 'zod';

/** Three stages: dev, staging, production. */
const SHIPYARD = 'c3RhZ2VzOgogIC0gbmFtZTogZGV2CiAgLSBuYW1lOiBzdGFnaW5nCiAgLSBuYW1lOiBwcm9kdWN0aW9uCg==';

/** Names as in the original: its API says `gitRemoteURL` where configuration-service says `gitRemoteURI`. */
export const createProject = z
  .object({
    name: projectName,
    shipyard: base64Content().meta({
      description: 'The shipyard file (YAML) that names the stages, in base64',
      example: SHIPYARD,
    }),
    gitUser: z.string().optional().meta({ description: 'User of the upstream Git repository' }),
    gitToken: z.string().optional().meta({ description: 'Token or password of that user', writeOnly: true }),
    gitPrivateKey: z
      .string()
      .optional()
      .meta({ description: 'Private key for an upstream Git repository behind SSH', writeOnly: true }),
    gitRemoteURL: z
      .string()
      .optional()
      .meta({ description: 'URL of the upstream Git repository, without credentials' }),
  })
  .meta({ id: 'CreateProject', example: { name: 'sockshop', shipyard: SHIPYARD } });

export type CreateProject = z.infer<typeof createProject>;

export const createProjectQuery = z.object({
  dryRun: z
    .enum(['true', 'false'], '{field} must be true or false')
    .optional()
    .meta({ description: 'true: test name, shipyard and upstream, and change nothing' }),
});

export type CreateProjectQuery = z.infer<typeof createProjectQuery>;
