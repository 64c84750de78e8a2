import { authSettings } from '@keptn/auth';
import { commonSettings, urlSetting } from '@keptn/service-kit';
import { z } from 'zod';

export const apiServiceSettings = commonSettings.extend({
  ...authSettings,
  CONFIGURATION_SERVICE_URL: urlSetting.default('http://configuration-service:8080'),
  MONGODB_DATASTORE_URL: urlSetting.default('http://mongodb-datastore:8080'),
  /** Kubernetes namespace, shown by `GET /v1/metadata`. */
  POD_NAMESPACE: z.string().default('keptn'),
});

export type ApiServiceSettings = z.infer<typeof apiServiceSettings>;
