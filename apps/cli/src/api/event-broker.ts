import type { Delivery, DistributedEvent, eventBrokerApi, Subscription } from '@keptn/api-models';
import { type Client, createClient, type InputOf } from '@keptn/api-models/client';
import { type HttpClient } from './http-client';

export type NewSubscription = InputOf<typeof eventBrokerApi.createSubscription>['body'];
export type SubscriptionUpdate = InputOf<typeof eventBrokerApi.updateSubscription>['body'];
export type ReplaySpan = InputOf<typeof eventBrokerApi.replayEvents>['body'];
export type DeliverySearch = NonNullable<InputOf<typeof eventBrokerApi.listDeliveries>['query']>;

/** Subscriptions and their deliveries: event-broker. */
export class EventBroker {
  private readonly call: Client<typeof eventBrokerApi>;

  constructor(client: HttpClient) {
    this.call = createClient<typeof eventBrokerApi>((request) =>
      client.json({ ...request, path: `/event-broker${request.path}` }),
    );
  }

  async subscriptions(): Promise<Subscription[]> {
    return (await this.call('GET /v1/subscriptions')).subscriptions;
  }

  subscription(name: string): Promise<Subscription> {
    return this.call('GET /v1/subscriptions/{name}', { parameters: { name } });
  }

  /** @returns the secret of its signatures, which is shown this once */
  async createSubscription(subscription: NewSubscription): Promise<Subscription & { readonly secret: string }> {
    return this.call('POST /v1/subscriptions', { body: subscription });
  }

  updateSubscription(name: string, update: SubscriptionUpdate): Promise<Subscription> {
    return this.call('PUT /v1/subscriptions/{name}', { parameters: { name }, body: update });
  }

  async deleteSubscription(name: string): Promise<void> {
    await this.call('DELETE /v1/subscriptions/{name}', { parameters: { name } });
  }

  pause(name: string): Promise<Subscription> {
    return this.call('POST /v1/subscriptions/{name}/pause', { parameters: { name } });
  }

  resume(name: string): Promise<Subscription> {
    return this.call('POST /v1/subscriptions/{name}/resume', { parameters: { name } });
  }

  async rotateSecret(name: string): Promise<string> {
    return (await this.call('POST /v1/subscriptions/{name}/secret', { parameters: { name } })).secret;
  }

  replay(name: string, span: ReplaySpan): Promise<Subscription> {
    return this.call('POST /v1/subscriptions/{name}/replay', { parameters: { name }, body: span });
  }

  /** What became of the events of a Keptn context, in the order of the log. */
  async explain(keptnContext: string): Promise<DistributedEvent[]> {
    return (await this.call('GET /v1/explanation/{keptnContext}', { parameters: { keptnContext } })).events;
  }

  async deliveries(query: DeliverySearch): Promise<Delivery[]> {
    return (await this.call('GET /v1/deliveries', { query })).deliveries;
  }

  redeliver(name: string, sequence: string): Promise<Delivery> {
    return this.call('POST /v1/subscriptions/{name}/deliveries/{sequence}/redeliver', {
      parameters: { name, sequence },
    });
  }
}
