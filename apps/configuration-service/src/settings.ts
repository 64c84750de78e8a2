import { authSettings } from '@keptn/auth';
import { mongodbSettings } from '@keptn/mongodb-connection';
import { commonSettings } from '@keptn/service-kit';
import { z } from 'zod';

/** What the service reads from its environment. */
export const settings = commonSettings.extend({
  ...authSettings,
  ...mongodbSettings,
  KEPTN_DATA_DIR: z
    .string('must be set: the folder that holds the Git repositories, e.g. /data')
    .regex(/^[^\0]+$/, 'must be the path of a folder'),
  GIT_AUTHOR_NAME: z.string().max(200, 'must have at most 200 characters').default('keptn'),
  GIT_AUTHOR_EMAIL: z
    .string()
    .regex(/^[^\s<>@]+@[^\s<>@]+$/, 'must be an e-mail address such as keptn@keptn.com')
    .default('keptn@keptn.com'),
});

export type Settings = z.infer<typeof settings>;
