import { type SubscriptionSpec } from '@keptn/api-models';
import { type RetryPauses } from '../delivery/retry-pause';
import { isNatsSink } from '../nats/nats-subscription';
import { type Settings } from '../settings';
import { type Sink } from '../sink/sink';
import { type StoredReplay, type SubscriptionRecord } from '../subscription/subscription.schema';
import { type DistributionParts } from './distribution-parts';
import { ReplayDelivery } from './replay-delivery';
import { type DeliveryObserver, type DeliveryPolicy, SubscriptionDelivery } from './subscription-delivery';

/** The control plane waits for its own events, and its services come back soon. */
const PAUSES_INSIDE: RetryPauses = { firstMs: 100, longestMs: 30_000 };
/** Whether NATS is there is known without a request. */
const PAUSES_NATS: RetryPauses = { firstMs: 100, longestMs: 2_000 };
const PAUSES_OUTSIDE: RetryPauses = { firstMs: 1_000, longestMs: 300_000 };

export interface StartedSubscription {
  readonly spec: SubscriptionSpec;
  readonly delivery: SubscriptionDelivery;
  /**
   * Events not taken yet that are listed as waiting for another attempt: a crash came between the writing of that and the saving
   * of the position.
   */
  readonly listedAsRetrying: Set<number>;
  /** While a part of the log is delivered again. */
  readonly replay: ReplayDelivery | undefined;
}

/** The {@link DeliveryObserver} of a subscription and its replay; of a replay it sees attempts and the end. */
export interface SubscriptionObserver extends Pick<DeliveryObserver, 'onAttempt' | 'onGone'> {
  onRoom(delivery: SubscriptionDelivery): void;
  onGiveBack(delivery: SubscriptionDelivery): void;
}

/**
 * Makes the deliveries of a subscription, with what was open when they ended before. They send nothing yet.
 *
 * @returns undefined when the subscription was paused because its sink cannot be made
 */
export async function startSubscription(
  parts: DistributionParts,
  record: SubscriptionRecord,
  observer: SubscriptionObserver,
): Promise<StartedSubscription | undefined> {
  const { _id: name, failingSince, open, position } = record;
  const spec = JSON.parse(record.spec) as SubscriptionSpec;
  const sink = await sinkOf(parts, record, spec);
  if (sink === undefined) return undefined;
  const delivery: SubscriptionDelivery = new SubscriptionDelivery(
    name,
    sink,
    policyOf(parts.settings, record, spec),
    {
      ...observer,
      onRoom: () => {
        observer.onRoom(delivery);
      },
      onGiveBack: () => {
        observer.onGiveBack(delivery);
      },
    },
    { position, failingSince: failingSince ?? undefined },
  );
  await restore(parts, delivery, name, open);
  const replay = record.replay ? await startReplay(parts, record, sink, record.replay, observer) : undefined;
  const listedAsRetrying = new Set(await parts.deliveries.retryingBehind(name, position));
  return { spec, delivery, listedAsRetrying, replay };
}

async function sinkOf(
  { logger, sinks, store }: DistributionParts,
  record: SubscriptionRecord,
  spec: SubscriptionSpec,
): Promise<Sink | undefined> {
  try {
    return sinks.of(record, spec);
  } catch (error) {
    // What is stored does not mend itself, and to try again would have all other subscriptions wait.
    const stateReason = error instanceof Error ? error.message : String(error);
    logger.error({ subscription: record._id }, `subscription paused: ${stateReason}`);
    await store.change(record._id, { state: 'paused', stateReason });
    return undefined;
  }
}

async function startReplay(
  parts: DistributionParts,
  record: SubscriptionRecord,
  sink: Sink,
  stored: StoredReplay,
  { onAttempt, onGone }: SubscriptionObserver,
): Promise<ReplayDelivery> {
  const wake = (): void => {
    replay.wake();
  };
  const observer = { onAttempt, onGone, onRoom: wake, onGiveBack: wake };
  const spec = JSON.parse(record.spec) as SubscriptionSpec;
  const delivery = new SubscriptionDelivery(record._id, sink, policyOf(parts.settings, record, spec), observer, stored);
  const replay = new ReplayDelivery(parts.log, parts.logger, delivery, stored, spec);
  await restore(parts, delivery, record._id, stored.open);
  return replay;
}

/** Takes over what was open, with the attempts that were made. */
async function restore(
  { deliveries, log }: DistributionParts,
  delivery: SubscriptionDelivery,
  name: string,
  open: readonly number[],
): Promise<void> {
  const known = await deliveries.ofEvents(name, open);
  for (const sequence of open) {
    const event = await log.event(sequence);
    const earlier = known.get(sequence);
    if (event !== undefined) delivery.restore(event, earlier?.outcome === 'retrying' ? earlier : undefined);
  }
}

function policyOf(
  { DECLARED_SUBSCRIPTIONS: declared }: Settings,
  { _id, origin }: SubscriptionRecord,
  { protocolSettings, sink }: SubscriptionSpec,
): DeliveryPolicy {
  const { order, concurrency, maxAttempts } = protocolSettings;
  if (origin !== 'declared') {
    return { order, concurrency: order === 'strict' ? 1 : concurrency, pauses: PAUSES_OUTSIDE, maxAttempts };
  }
  const pauses = isNatsSink(sink) ? PAUSES_NATS : PAUSES_INSIDE;
  const collectMs = declared.find(({ name }) => name === _id)?.collectMs;
  return { order, concurrency, pauses, maxAttempts: undefined, collectMs };
}
