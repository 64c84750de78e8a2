import { auditSettings, authSettings } from '@keptn/auth';
import { mongodbSettings, replicaSettings } from '@keptn/mongodb-connection';
import { commonSettings, millisecondsSetting } from '@keptn/service-kit';
import { z } from 'zod';

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

const age = z
  .string()
  .regex(/^[1-9]\d{0,5}[smhd]$/, 'must be an age such as 90d, 12h, 30m or 60s')
  .transform((text) => Number.parseInt(text, 10) * (UNIT_MS[text.slice(-1)] ?? 0));

const eventCount = z
  .string()
  .regex(/^[1-9]\d{0,11}$/, 'must be a number of events of at least 1')
  .transform(Number);

/** What mongodb-datastore reads from its environment. */
export const mongodbDatastoreSettings = commonSettings.extend({
  ...authSettings,
  ...auditSettings,
  ...mongodbSettings,
  ...replicaSettings,
  /** How long a replica that has vanished keeps others from following the log, or removing old events, in its place. */
  READER_LEASE_MS: millisecondsSetting.default(15_000),
  /** How long a writer may take from getting a sequence number to storing its event. */
  SEQUENCE_GAP_MS: millisecondsSetting.default(5_000),
  /** Pause between two signs of life on an idle event stream; below the idle timeouts of common proxies. */
  STREAM_HEARTBEAT_MS: millisecondsSetting.default(15_000),
  /** Events that arrived longer ago are removed; none are when absent. In milliseconds once it is read. */
  RETENTION_MAX_AGE: age.optional(),
  /** The newest events of a project that are kept; all are when absent. */
  RETENTION_MAX_EVENTS_PER_PROJECT: eventCount.optional(),
  /** Pause between two looks for events to be removed. */
  RETENTION_INTERVAL_MS: millisecondsSetting.default(60_000),
});

export type MongodbDatastoreSettings = z.infer<typeof mongodbDatastoreSettings>;
