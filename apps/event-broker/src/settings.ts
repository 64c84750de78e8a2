import { auditSettings, authSettings } from '@keptn/auth';
import { mongodbSettings, replicaSettings } from '@keptn/mongodb-connection';
import { defaultUrlOf } from '@keptn/service-catalog';
import {
  commonSettings,
  integerSetting,
  millisecondsSetting,
  networksSetting,
  urlListSetting,
  urlSetting,
} from '@keptn/service-kit';
import { z } from 'zod';
import { ageMs, isAge } from './matching/age';
import { readNatsAddress } from './nats/nats-address';
import { type ListedCommands, readCommands } from './sink/listed-commands';
import { readDeclarations } from './subscription/declaration';

const age = z.string().refine(isAge, 'must be an age such as 7d, 12h, 30m or 60s').transform(ageMs);

/** Bytes of a key of AES-256. */
const KEY_LENGTH = 32;

const keys = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '')
      .map((item) => Buffer.from(item, 'base64')),
  )
  .refine((list) => list.every(({ length }) => length === KEY_LENGTH), {
    error: 'must be keys of 32 bytes in base64, with commas: `openssl rand -base64 32` makes one',
  });

const declarations = z.string().transform((text, context) => {
  const declared = readDeclarations(text);
  if (typeof declared !== 'string') return declared;
  context.addIssue({ code: 'custom', message: declared });
  return z.NEVER;
});

const natsAddress = z.string().transform((text, context) => {
  const address = readNatsAddress(text);
  if (address !== undefined) return address;
  context.addIssue({ code: 'custom', message: 'must be a URL such as nats://nats:4222, or several with commas' });
  return z.NEVER;
});

const commandsFile = z.string().transform((file, context): ListedCommands => {
  const commands = readCommands(file);
  if (typeof commands !== 'string') return commands;
  context.addIssue({ code: 'custom', message: commands });
  return z.NEVER;
});

/** A shorter lease would end while the database is merely slow, and be asked for again all the time. */
const leaseMs = integerSetting(1_000, 86_400_000, 'a number of milliseconds from 1000 to 86400000');

const WEEK_MS = 7 * 86_400_000;
const THREE_DAYS_MS = 3 * 86_400_000;

/** What event-broker reads from its environment. */
export const settings = commonSettings.extend({
  ...authSettings,
  ...auditSettings,
  ...mongodbSettings,
  ...replicaSettings,
  MONGODB_DATASTORE_URL: urlSetting.default(defaultUrlOf('mongodb-datastore')),
  /** Subscriptions of the deployment, such as `configuration-service=http://configuration-service:8080/v1/event;strict`. */
  DECLARED_SUBSCRIPTIONS: declarations.default([]),
  /** URLs that get every event: how subscribers were declared before there were subscriptions. */
  EVENT_SUBSCRIBERS: urlListSetting,
  /** NATS servers that every event of the log is published on, and whose events come into the log. */
  NATS_URL: natsAddress.optional(),
  /** After NATS has come back, other clients have this long to do so too, before events are published. */
  NATS_RECONNECT_PAUSE_MS: millisecondsSetting.default(10_000),
  /** How long a replica that has vanished keeps others from delivering in its place. */
  DISTRIBUTION_LEASE_MS: leaseMs.default(5_000),
  /** Loopback, link-local and private networks that sinks may be in. */
  ALLOWED_SINK_NETWORKS: networksSetting.default([]),
  /** File that lists the commands that subscriptions may have run on this machine. */
  COMMANDS_FILE: commandsFile.default(new Map()),
  /** Where the programs of listed commands are looked for; all that they get of this environment. */
  PATH: z.string().default('/usr/local/bin:/usr/bin:/bin'),
  /** Keys that secrets of subscriptions are encrypted with where they are stored; the first one encrypts, all of them read. */
  SECRET_ENCRYPTION_KEYS: keys.default([]),
  /** How long deliveries are listed. In milliseconds once it is read. */
  DELIVERY_HISTORY_MAX_AGE: age.default(WEEK_MS),
  /** A subscription whose deliveries have failed for so long is paused. In milliseconds once it is read. */
  PAUSE_AFTER_FAILING_FOR: age.default(THREE_DAYS_MS),
});

export type Settings = z.infer<typeof settings>;
