import { type Subscription, type SubscriptionSpec } from '@keptn/api-models';
import { doneUpTo } from '../subscription/checkpoint';
import { type StoredSecret, type SubscriptionRecord } from '../subscription/subscription.schema';

/**
 * A subscription as it is shown: without secrets.
 *
 * @param end of the log
 * @param doneNow up to where it has come since that was saved, where that is known
 */
export function describeSubscription(record: SubscriptionRecord, end: number, doneNow?: number): Subscription {
  const { _id: name, origin, state, stateReason, position, open, lastError, replay } = record;
  const spec = JSON.parse(record.spec) as SubscriptionSpec;
  const secretHeaders = JSON.parse(record.secretHeaders) as Readonly<Record<string, StoredSecret>>;
  return {
    name,
    ...spec,
    origin,
    state,
    ...(stateReason !== undefined && { stateReason }),
    secretHeaderNames: Object.keys(secretHeaders),
    position,
    pending: open.length,
    ...(replay && { replay: { position: replay.position, until: replay.until } }),
    lag: Math.max(0, end - (doneNow ?? doneUpTo({ position, open }))),
    createdAt: record.createdAt.toISOString(),
    updatedAt: record.updatedAt.toISOString(),
    ...timeOf('lastSuccessAt', record.lastSuccessAt),
    ...timeOf('lastErrorAt', record.lastErrorAt),
    ...(lastError !== undefined && { lastError }),
    ...timeOf('failingSince', record.failingSince ?? undefined),
  };
}

const timeOf = <Name extends string>(name: Name, time: Date | undefined): Partial<Record<Name, string>> =>
  time === undefined ? {} : ({ [name]: time.toISOString() } as Record<Name, string>);
