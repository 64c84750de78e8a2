import { auditSettings, authSettings } from '@keptn/auth';
import { mongodbSettings } from '@keptn/mongodb-connection';
import { booleanSetting, commonSettings, urlSetting } from '@keptn/service-kit';
import { reactingSettings } from '@keptn/service-kit/reacting';
import { z } from 'zod';
import { goDuration } from './decision/go-duration';

const durationSetting = z
  .string()
  .transform((text) => goDuration(text) ?? Number.NaN)
  .refine((milliseconds) => !Number.isNaN(milliseconds), 'must be a duration such as 10m, 30s or 1h30m');

/** What the service reads from its environment. */
export const settings = commonSettings.extend({
  ...authSettings,
  ...auditSettings,
  ...reactingSettings,
  ...mongodbSettings,
  CONFIGURATION_SERVICE_URL: urlSetting.default('http://configuration-service:8080'),
  EVENT_BROKER_URL: urlSetting.default('http://event-broker:8080'),
  /** Each part can be left to another service. */
  DELIVERY: booleanSetting.default(true),
  APPROVALS: booleanSetting.default(true),
  REMEDIATION: booleanSetting.default(true),
  /** From the end of an action to the evaluation of its effect. Its name is that of Keptn 0.7; it holds a Go duration. */
  WAIT_TIME_MINUTES: durationSetting.prefault('10m'),
  /** Whether the approval of a newer artifact declines those of older ones that are open for the same service and stage. */
  APPROVAL_SUPERSEDE: booleanSetting.default(false),
  /** After this time, and again each time, an open approval is called to mind by an event; `0`: never. */
  APPROVAL_REMINDER: durationSetting.prefault('0'),
  /** After this time an open approval is declined; `0`: never. */
  APPROVAL_EXPIRY: durationSetting.prefault('0'),
  /** How long an action waits for an executor to answer, as a Go duration. */
  ACTION_PROVIDER_TIMEOUT: durationSetting.prefault('10m'),
  /** How long an action that was started may take, and the evaluation after it, as a Go duration. */
  ACTION_TIMEOUT: durationSetting.prefault('24h'),
});

export type Settings = z.infer<typeof settings>;
