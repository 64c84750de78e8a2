import { booleanSetting } from '@keptn/service-kit/settings';
import { z } from 'zod';

/** What a service needs to find its database; spread into its settings. */
export const mongodbSettings = {
  /** Connection string with the database's name, e.g. `mongodb://mongodb:27017/keptn`. */
  MONGODB_URI: z
    .string('must be set, e.g. mongodb://localhost:27017/keptn')
    .regex(
      /^mongodb(\+srv)?:\/\/[^/]+\/[\w-]+(\?.*)?$/,
      'must look like mongodb://host:27017/keptn, with the name of a database',
    )
    .refine(
      (uri) => /[?&]readPreference=(?!primary(?:&|$))/i.exec(uri) === null,
      'must not have another readPreference than primary: services read what they have just written',
    ),
};

/** What a service that shares its work among replicas reads; spread into its settings. */
export const replicaSettings = {
  /** No other process does the same work on this database: nobody has to be waited for, and nobody looked for. */
  ONLY_REPLICA: booleanSetting.default(false),
};
