import { authSettings } from '@keptn/auth';
import { commonSettings, urlListSetting, urlSetting } from '@keptn/service-kit';
import { z } from 'zod';

export const apiServiceSettings = commonSettings.extend({
  ...authSettings,
  CONFIGURATION_SERVICE_URL: urlSetting.default('http://configuration-service:8080'),
  MONGODB_DATASTORE_URL: urlSetting.default('http://mongodb-datastore:8080'),
  /** Where the replicas of this service are found, this one among them; a host name stands for all of its addresses. */
  API_SERVICE_REPLICAS: urlListSetting,
  /** Kubernetes namespace, shown by `GET /v1/metadata`. */
  POD_NAMESPACE: z.string().default('keptn'),
});

export type ApiServiceSettings = z.infer<typeof apiServiceSettings>;
