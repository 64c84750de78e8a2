import { auditSettings, authSettings } from '@keptn/auth';
import { mongodbSettings } from '@keptn/mongodb-connection';
import { commonSettings, millisecondsSetting, urlSetting } from '@keptn/service-kit';
import { z } from 'zod';

/** In milliseconds; each look at an upstream starts several processes. */
const SHORTEST_FETCH_INTERVAL = 100;

/** What the service reads from its environment. */
export const settings = commonSettings.extend({
  ...authSettings,
  ...auditSettings,
  ...mongodbSettings,
  KEPTN_DATA_DIR: z
    .string('must be set: the folder that holds the Git repositories, e.g. /data')
    .regex(/^[^\0]+$/, 'must be the path of a folder'),
  MONGODB_DATASTORE_URL: urlSetting.default('http://mongodb-datastore:8080'),
  GIT_AUTHOR_NAME: z.string().max(200, 'must have at most 200 characters').default('keptn'),
  GIT_AUTHOR_EMAIL: z
    .string()
    .regex(/^[^\s<>@]+@[^\s<>@]+$/, 'must be an e-mail address such as keptn@keptn.com')
    .default('keptn@keptn.com'),
  UPSTREAM_CREDENTIALS_DIR: z
    .string()
    .regex(/^[^\0]+$/, 'must be the path of a folder')
    .optional(),
  UPSTREAM_PUSH: z.enum(['async', 'sync'], 'must be async or sync').default('async'),
  UPSTREAM_FETCH_INTERVAL_MS: millisecondsSetting
    .refine((value) => value >= SHORTEST_FETCH_INTERVAL, `must be at least ${SHORTEST_FETCH_INTERVAL}`)
    .default(60_000),
});

export type Settings = z.infer<typeof settings>;
