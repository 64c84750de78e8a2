import { authSettings } from '@keptn/auth';
import { mongodbSettings, replicaSettings } from '@keptn/mongodb-connection';
import { defaultUrlOf } from '@keptn/service-catalog';
import {
  booleanSetting,
  commonSettings,
  millisecondsSetting,
  portSetting,
  urlListSetting,
  urlSetting,
} from '@keptn/service-kit';
import { z } from 'zod';
import { identityProvidersSetting } from './identity-provider/identity-providers.setting';

const DAY_MS = 86_400_000;

const days = z
  .string()
  .regex(/^[1-9]\d{0,4}d$/, 'must be a number of days such as 365d')
  .transform((text) => Number.parseInt(text, 10) * DAY_MS);

export const apiServiceSettings = commonSettings.extend({
  ...authSettings,
  /** Keeps tokens and the audit log. */
  ...mongodbSettings,
  ...replicaSettings,
  CONFIGURATION_SERVICE_URL: urlSetting.default('http://configuration-service:8080'),
  MONGODB_DATASTORE_URL: urlSetting.default('http://mongodb-datastore:8080'),
  /** Asked for its state, as are the next two. */
  EVENT_BROKER_URL: urlSetting.default(defaultUrlOf('event-broker')),
  LIGHTHOUSE_SERVICE_URL: urlSetting.default(defaultUrlOf('lighthouse-service')),
  SHIPYARD_CONTROLLER_URL: urlSetting.default(defaultUrlOf('shipyard-controller')),
  /** Whose tokens of people and workloads are taken besides those of this installation, and what they permit. */
  IDENTITY_PROVIDERS: identityProvidersSetting.default([]),
  /** How long entries of the audit log are kept. In milliseconds once it is read. */
  AUDIT_MAX_AGE: days.prefault('365d'),
  /** Whether entries of the audit log are written to the log of this service as well. */
  AUDIT_STDOUT: booleanSetting.default(false),
  /** Where the replicas of this service are found, this one among them; a host name stands for all of its addresses. */
  API_SERVICE_REPLICAS: urlListSetting,
  /** Whether helm-service deploys, so that what is created and deleted is not finished before it has done its part. */
  EXECUTION_PLANE: booleanSetting.default(false),
  /** How long helm-service has to do its part in creating and deleting a service. */
  EXECUTION_PLANE_TIMEOUT_MS: millisecondsSetting.default(60_000),
  /** Kubernetes namespace: shown by `GET /v1/metadata`, and where the credentials of the Bridge are kept. */
  POD_NAMESPACE: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, 'must be the name of a namespace')
    .default('keptn'),
  /** Keeps the credentials of the Bridge; without it they are kept in a secret of the cluster. */
  KEPTN_DATA_DIR: z.string().optional(),
  /** Kubernetes sets these two in every pod; without them the service is not in a cluster. */
  KUBERNETES_SERVICE_HOST: z.string().optional(),
  KUBERNETES_SERVICE_PORT: portSetting.default(443),
  /** Where Kubernetes mounts `token` and `ca.crt` of the pod's service account. */
  SERVICE_ACCOUNT_DIR: z.string().default('/var/run/secrets/kubernetes.io/serviceaccount'),
});

export type ApiServiceSettings = z.infer<typeof apiServiceSettings>;
