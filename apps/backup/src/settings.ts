import { mongodbSettings } from '@keptn/mongodb-connection';
import { z } from 'zod';

/** What the backup reads from its environment. */
export const backupSettings = z.object({
  /** As configuration-service has it. */
  KEPTN_DATA_DIR: z.string('must be set: the data folder of configuration-service, e.g. /data'),
  /** As configuration-service and mongodb-datastore have it; by default the database of a development cluster. */
  MONGODB_URI: mongodbSettings.MONGODB_URI.default('mongodb://mongodb:27017/keptn'),
});

export type BackupSettings = z.infer<typeof backupSettings>;
