import { authSettings } from '@keptn/auth';
import { commonSettings, integerSetting, urlSetting } from '@keptn/service-kit';
import { reactingSettings } from '@keptn/service-kit/reacting';
import { z } from 'zod';

/** From 1 second to a day, in milliseconds. */
const evaluationTimeout = integerSetting(1_000, 86_400_000, 'a number of milliseconds from 1000 to 86400000');

/** Providers of 0.7.3 wait up to some minutes for their monitoring tool to be complete. */
const STANDARD_TIMEOUT_MS = 900_000;

/** What the service reads from its environment. */
export const settings = commonSettings.extend({
  ...authSettings,
  ...reactingSettings,
  CONFIGURATION_SERVICE_URL: urlSetting.default('http://configuration-service:8080'),
  /** The SLI provider of projects that have none of their own, e.g. `prometheus`. */
  SLI_PROVIDER: z
    .string()
    .regex(/^[\w.-]{1,100}$/, 'must be the name of an SLI provider such as prometheus')
    .optional(),
  /** Switches on the SLI provider `prometheus`. */
  PROMETHEUS_URL: urlSetting.optional(),
  SLI_CREDENTIALS_DIR: z
    .string()
    .regex(/^[^\0]+$/, 'must be the path of a folder')
    .optional(),
  /** How long an SLI provider may take, and how long an evaluation waits for what it needs. */
  EVALUATION_TIMEOUT_MS: evaluationTimeout.default(STANDARD_TIMEOUT_MS),
});

export type Settings = z.infer<typeof settings>;
