import { auditSettings, authSettings } from '@keptn/auth';
import { booleanSetting, commonSettings, integerSetting, networksSetting, urlSetting } from '@keptn/service-kit';
import { reactingSettings } from '@keptn/service-kit/reacting';
import { z } from 'zod';

/** From 1 second to a day, in milliseconds. */
const evaluationTimeout = integerSetting(1_000, 86_400_000, 'a number of milliseconds from 1000 to 86400000');

/** From 0.1 seconds to 10 minutes, in milliseconds. */
const queryTimeout = integerSetting(100, 600_000, 'a number of milliseconds from 100 to 600000');

/** So that the answer is there before event-broker stops waiting for the reaction, which it does after 30 seconds. */
const STANDARD_QUERY_TIMEOUT_MS = 20_000;

/** Providers of 0.7.3 wait up to some minutes for their monitoring tool to be complete. */
const STANDARD_TIMEOUT_MS = 900_000;

/** What the service reads from its environment. */
export const settings = commonSettings.extend({
  ...authSettings,
  ...auditSettings,
  ...reactingSettings,
  CONFIGURATION_SERVICE_URL: urlSetting.default('http://configuration-service:8080'),
  /** The SLI provider of projects that have none of their own, e.g. `prometheus`. */
  SLI_PROVIDER: z
    .string()
    .regex(/^[\w.-]{1,100}$/, 'must be the name of an SLI provider such as prometheus')
    .optional(),
  /** Switches on the SLI provider `prometheus`. */
  PROMETHEUS_URL: urlSetting.optional(),
  /** Switches on the SLI provider `http`. */
  HTTP_SLI_PROVIDER: booleanSetting.default(false),
  /** Loopback, link-local and private networks that the SLI provider `http` may ask. */
  ALLOWED_SLI_NETWORKS: networksSetting.default([]),
  /** How long a monitoring tool may take to answer all queries of an evaluation. */
  SLI_QUERY_TIMEOUT_MS: queryTimeout.default(STANDARD_QUERY_TIMEOUT_MS),
  SLI_CREDENTIALS_DIR: z
    .string()
    .regex(/^[^\0]+$/, 'must be the path of a folder')
    .optional(),
  /** How long an SLI provider may take, and how long an evaluation waits for what it needs. */
  EVALUATION_TIMEOUT_MS: evaluationTimeout.default(STANDARD_TIMEOUT_MS),
});

export type Settings = z.infer<typeof settings>;
