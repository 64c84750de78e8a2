import { type Caller, type DistributedEvent, type ExplainedDelivery, type SubscriptionSpec } from '@keptn/api-models';
import { ServiceError } from '@keptn/service-kit';
import { Injectable } from '@nestjs/common';
import { type DeliveryRecord } from '../delivery/delivery-record.schema';
import { DeliveryStore } from '../delivery/delivery.store';
import { LogClient, type LoggedEvent } from '../log/log-client';
import { SubscriptionIndex } from '../matching/subscription-index';
import { mayWithSubscription } from '../subscription/subscription-projects';
import { type SubscriptionRecord } from '../subscription/subscription.schema';
import { SubscriptionStore } from '../subscription/subscription.store';

/** Says of the events of a Keptn context when they were accepted, who gets them, and what came of it. */
@Injectable()
export class ExplanationService {
  constructor(
    private readonly log: LogClient,
    private readonly subscriptions: SubscriptionStore,
    private readonly deliveries: DeliveryStore,
  ) {}

  /** @throws ServiceError when the log has no event of the context that the caller may see */
  async explain(keptnContext: string, caller: Caller): Promise<DistributedEvent[]> {
    const [subscriptions, delivered] = await Promise.all([
      this.subscriptions.all(),
      this.deliveries.ofContext(keptnContext),
    ]);
    const index = indexOf(
      subscriptions.filter(({ spec }) =>
        mayWithSubscription(caller, 'subscription:read', JSON.parse(spec) as SubscriptionSpec),
      ),
    );
    const records = new Map(delivered.map((each) => [keyOf(each.subscription, each.sequence), each]));
    const explained: DistributedEvent[] = [];
    for await (const events of this.log.context(keptnContext)) {
      const visible = events.filter(({ project }) => caller.may('subscription:read', project));
      explained.push(...visible.map((event) => distributedEventOf(event, index, records)));
    }
    if (explained.length === 0) {
      throw new ServiceError('CONTEXT_NOT_FOUND', `no event belongs to the Keptn context ${keptnContext}`);
    }
    return explained;
  }
}

function distributedEventOf(
  event: LoggedEvent,
  index: SubscriptionIndex<SubscriptionRecord>,
  records: ReadonlyMap<string, DeliveryRecord>,
): DistributedEvent {
  const { sequence, storedAt, id, source, type } = event;
  const deliveries = index
    .matching(type, event.json)
    .flatMap((subscription) => deliveryOf(event, subscription, records.get(keyOf(subscription._id, sequence))) ?? []);
  return {
    sequence,
    ...(storedAt !== undefined && { storedAt: storedAt.toISOString() }),
    id,
    source,
    type,
    deliveries,
  };
}

const keyOf = (subscription: string, sequence: number): string => `${sequence} ${subscription}`;

/** By how old an event is now nothing is said about whether it was delivered then. */
function indexOf(subscriptions: readonly SubscriptionRecord[]): SubscriptionIndex<SubscriptionRecord> {
  const index = new SubscriptionIndex<SubscriptionRecord>();
  for (const subscription of subscriptions) {
    const { types, filters, imported } = JSON.parse(subscription.spec) as SubscriptionSpec;
    index.set(subscription, { types, filters, imported });
  }
  return index;
}

/** @returns undefined for a subscription that began after the event */
function deliveryOf(
  { sequence, storedAt }: LoggedEvent,
  { _id: subscription, createdAt, open, origin, position }: SubscriptionRecord,
  record: DeliveryRecord | undefined,
): ExplainedDelivery | undefined {
  if (record !== undefined) {
    const { attemptCount, attempts, lastAttemptAt, outcome } = record;
    const last = attempts.at(-1);
    const lastAnswer = last?.status?.toString() ?? last?.error;
    return {
      subscription,
      outcome,
      attemptCount,
      lastAttemptAt: lastAttemptAt.toISOString(),
      ...(lastAnswer !== undefined && { lastAnswer }),
    };
  }
  if (sequence > position || open.includes(sequence)) return { subscription, outcome: 'waiting' };
  if (storedAt !== undefined && storedAt < createdAt) return undefined;
  // Of declared subscriptions only what was not accepted at once is listed.
  return { subscription, outcome: origin === 'declared' ? 'delivered' : 'unknown' };
}
