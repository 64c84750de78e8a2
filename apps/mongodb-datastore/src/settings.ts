import { authSettings } from '@keptn/auth';
import { mongodbSettings } from '@keptn/mongodb-connection';
import { commonSettings, millisecondsSetting, urlListSetting } from '@keptn/service-kit';
import { type z } from 'zod';

/** What mongodb-datastore reads from its environment. */
export const mongodbDatastoreSettings = commonSettings.extend({
  ...authSettings,
  ...mongodbSettings,
  /** URLs that get every stored event, in order, e.g. `http://configuration-service:8080/v1/event`. */
  EVENT_SUBSCRIBERS: urlListSetting,
  /** How long a replica that has vanished keeps others from delivering in its place. */
  DELIVERY_LEASE_MS: millisecondsSetting.default(15_000),
  /** How long a writer may take from getting a sequence number to storing its event. */
  SEQUENCE_GAP_MS: millisecondsSetting.default(5_000),
  /** Pause between two signs of life on an idle event stream; below the idle timeouts of common proxies. */
  STREAM_HEARTBEAT_MS: millisecondsSetting.default(15_000),
});

export type MongodbDatastoreSettings = z.infer<typeof mongodbDatastoreSettings>;
