import {
  type Caller,
  type Delivery,
  type DeliveryAttempt,
  eventBrokerApi,
  type QueryOf,
  type SubscriptionSpec,
} from '@keptn/api-models';
import { ServiceError } from '@keptn/service-kit';
import { Injectable } from '@nestjs/common';
import { LogClient } from '../log/log-client';
import { type Sink } from '../sink/sink';
import { Sinks } from '../sink/sinks';
import { mayWithSubscription } from '../subscription/subscription-projects';
import { SinkUnusable, SubscriptionNotFound } from '../subscription/subscription.errors';
import { type SubscriptionRecord } from '../subscription/subscription.schema';
import { SubscriptionStore } from '../subscription/subscription.store';
import { attemptOf } from '../delivery/attempt';
import { type DeliveryRecord } from '../delivery/delivery-record.schema';
import { type DeliverySearch, DeliveryStore } from '../delivery/delivery.store';

/** What `nextPageKey` is when there is no further page. */
const NO_FURTHER_PAGE = '0';

export interface DeliveryPage {
  readonly deliveries: Delivery[];
  readonly nextPageKey: string;
}

/** What became of events, and trying again. */
@Injectable()
export class DeliveryService {
  constructor(
    private readonly store: DeliveryStore,
    private readonly subscriptions: SubscriptionStore,
    private readonly log: LogClient,
    private readonly sinks: Sinks,
  ) {}

  async list(query: QueryOf<typeof eventBrokerApi.listDeliveries>, caller: Caller): Promise<DeliveryPage> {
    const { pageSize, nextPageKey: before, ...fields } = query;
    const found = await this.store.search({
      ...fields,
      before,
      visible: await this.visibleTo(caller),
      limit: pageSize + 1,
    });
    const page = found.slice(0, pageSize);
    const last = page.at(-1);
    const hasMore = found.length > pageSize && last !== undefined;
    return { deliveries: page.map(describe), nextPageKey: hasMore ? last._id : NO_FURTHER_PAGE };
  }

  /** @throws SubscriptionNotFound, SinkUnusable; ServiceError when the event is no longer in the log */
  async redeliver(name: string, sequence: number, caller: Caller): Promise<Delivery> {
    const record = await this.subscriptions.find(name);
    if (record === null || !mayWithSubscription(caller, 'subscription:write', specOf(record.spec)))
      throw new SubscriptionNotFound(name);
    const event = await this.log.event(sequence);
    if (event === undefined || !caller.may('subscription:write', event.project))
      throw new ServiceError('EVENT_NOT_FOUND', `the log has no event with the number ${sequence}`);
    const before = await this.store.find(name, sequence);
    const sink = this.sinkOf(record);
    const startedAt = new Date();
    const answer = await sink.send([event], new AbortController().signal);
    const attempts: DeliveryAttempt[] = [...(before?.attempts ?? []), attemptOf(answer, startedAt)];
    const report = {
      subscription: name,
      event,
      outcome: answer.outcome === 'accepted' ? ('delivered' as const) : (before?.outcome ?? ('dead' as const)),
      attempts,
      attemptCount: (before?.attemptCount ?? 0) + 1,
    };
    await this.store.write([report]);
    return describe((await this.store.find(name, sequence)) as DeliveryRecord);
  }

  private sinkOf(record: SubscriptionRecord): Sink {
    try {
      return this.sinks.of(record, specOf(record.spec));
    } catch (error) {
      throw new SinkUnusable(record._id, error instanceof Error ? error.message : String(error), { cause: error });
    }
  }

  private async visibleTo(caller: Caller): Promise<DeliverySearch['visible']> {
    const projects = caller.projectsWith('subscription:read');
    if (projects === 'all') return undefined;
    const subscriptions = (await this.subscriptions.all())
      .filter(({ spec }) => mayWithSubscription(caller, 'subscription:read', specOf(spec)))
      .map(({ _id }) => _id);
    return { projects, subscriptions };
  }
}

const specOf = (text: string): SubscriptionSpec => JSON.parse(text) as SubscriptionSpec;

function describe({ _id, failure: _failure, lastAttemptAt, project: _project, ...record }: DeliveryRecord): Delivery {
  return { ...record, lastAttemptAt: lastAttemptAt.toISOString() };
}
