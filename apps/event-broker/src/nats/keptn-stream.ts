import { type Consumer, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream';
import { type NatsConnection } from '@nats-io/transport-node';
import { KEPTN_SUBJECTS } from './subject';

/** Of requests to JetStream, in milliseconds. */
const REQUEST_TIMEOUT_MS = 5_000;

const NANOSECONDS = 1_000_000;

/** How long events are kept unless the operator has made the stream, in milliseconds. */
const MAX_AGE_MS = 7 * 86_400_000;

/** A batch that was cut off by an outage of the server is repeated within this time, in milliseconds. */
const DUPLICATE_WINDOW_MS = 3_600_000;

const STREAM = 'keptn';
const CONSUMER = 'event-broker';

/** Messages that are handed over and not stored yet. */
const MOST_UNCONFIRMED = 1_000;

/** Error codes of JetStream: server/errors.json of nats-server. */
const STREAM_NOT_FOUND = 10_059;
const CONSUMER_NOT_FOUND = 10_014;
const NOT_ENABLED = [10_039, 10_076] as const;

/** The stream `keptn`, where the server has JetStream. */
export interface KeptnStream {
  readonly client: JetStreamClient;
  /** What others have published while no replica listened; shared by all replicas. */
  readonly consumer: Consumer;
}

/**
 * Opens the stream and its consumer; makes what is missing, and leaves the settings of what is there to the operator.
 *
 * @returns undefined when the server has no JetStream
 * @throws JetStreamApiError when it refuses the stream, TimeoutError
 */
export async function openKeptnStream(connection: NatsConnection): Promise<KeptnStream | undefined> {
  const { jetstreamManager, jetstream } = await import('@nats-io/jetstream');
  const manager = await orUndefined(jetstreamManager(connection, { timeout: REQUEST_TIMEOUT_MS }), isNotEnabled);
  if (manager === undefined) return undefined;
  await ensureStream(manager);
  await ensureConsumer(manager);
  const client = jetstream(connection, { timeout: REQUEST_TIMEOUT_MS });
  return { client, consumer: await client.consumers.get(STREAM, CONSUMER) };
}

async function ensureStream(manager: JetStreamManager): Promise<void> {
  if ((await orUndefined(manager.streams.info(STREAM), hasCode(STREAM_NOT_FOUND))) !== undefined) return;
  await manager.streams.add({
    name: STREAM,
    description: 'Events of Keptn, as its event log has them',
    subjects: [KEPTN_SUBJECTS],
    max_age: MAX_AGE_MS * NANOSECONDS,
    duplicate_window: DUPLICATE_WINDOW_MS * NANOSECONDS,
  });
}

async function ensureConsumer(manager: JetStreamManager): Promise<void> {
  const { AckPolicy, DeliverPolicy } = await import('@nats-io/jetstream');
  const known = await orUndefined(manager.consumers.info(STREAM, CONSUMER), hasCode(CONSUMER_NOT_FOUND));
  if (known !== undefined) return;
  await manager.consumers.add(STREAM, {
    durable_name: CONSUMER,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.New,
    max_ack_pending: MOST_UNCONFIRMED,
  });
}

const hasCode =
  (...codes: readonly number[]) =>
  (error: unknown): boolean =>
    error instanceof Error && 'code' in error && codes.some((code) => code === error.code);

const isNotEnabled = (error: unknown): boolean =>
  (error instanceof Error && error.name === 'JetStreamNotEnabled') || hasCode(...NOT_ENABLED)(error);

async function orUndefined<Result>(
  asking: Promise<Result>,
  isAbsence: (error: unknown) => boolean,
): Promise<Result | undefined> {
  try {
    return await asking;
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}
