import { commonSettings, portSetting } from '@keptn/service-kit';
import { z } from 'zod';

export const developmentMongodbSettings = commonSettings.extend({
  KEPTN_DATA_DIR: z.string('must be set: the folder that holds the database, e.g. /data').min(1),
  /** Where drivers connect; PORT has the probes and metrics. */
  MONGODB_PORT: portSetting.default(27_017),
});

export type DevelopmentMongodbSettings = z.infer<typeof developmentMongodbSettings>;
