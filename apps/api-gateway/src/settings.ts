import { commonSettings, millisecondsSetting, urlSetting } from '@keptn/service-kit';
import { z } from 'zod';

export const apiGatewaySettings = commonSettings.extend({
  API_SERVICE_URL: urlSetting.default('http://api-service:8080'),
  CONFIGURATION_SERVICE_URL: urlSetting.default('http://configuration-service:8080'),
  MONGODB_DATASTORE_URL: urlSetting.default('http://mongodb-datastore:8080'),
  /** In front of every path, e.g. `/keptn`, when the gateway is not alone on its host. */
  PREFIX_PATH: z
    .string()
    .regex(/^(?:\/[\w~-][\w.~-]*)+$/, 'must look like /keptn: no slash at the end, plain characters only')
    .default(''),
  /** How long a token that api-service accepted is taken as accepted, in milliseconds; 0 asks for every request. */
  AUTH_CACHE_MS: millisecondsSetting.default(1_000),
  /** How long an upstream may take for its answer, in milliseconds. Longer than the longest wait that the event log offers. */
  UPSTREAM_TIMEOUT_MS: millisecondsSetting.default(90_000),
});

export type ApiGatewaySettings = z.infer<typeof apiGatewaySettings>;
