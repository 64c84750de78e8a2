import { type eventBrokerApi, type Subscription, type SystemState } from '@keptn/api-models';
import { type Client, createClient } from '@keptn/api-models/client';
import { API_VERSION, ServiceClient, ServiceError, SETTINGS } from '@keptn/service-kit';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { ConfigurationServiceClient } from '../control-plane/configuration-service.client';
import { EventLogClient } from '../control-plane/event-log.client';
import { type ApiServiceSettings } from '../settings';
import { ServiceProbes } from './service-probes';

type DistributionState = NonNullable<SystemState['distribution']>;
type FailingUpstream = NonNullable<SystemState['failingUpstreams']>[number];

/** Milliseconds that a service has for its part of the state. */
const TIMEOUT_MS = 5_000;

/** How the control plane itself fares, read from its services at once. What one of them cannot say is left out. */
@Injectable()
export class SystemService implements OnApplicationShutdown {
  private readonly broker: ServiceClient;
  private readonly callBroker: Client<typeof eventBrokerApi>;

  constructor(
    @Inject(SETTINGS) { EVENT_BROKER_URL: url, KEPTN_API_TOKEN: token }: ApiServiceSettings,
    private readonly probes: ServiceProbes,
    private readonly eventLog: EventLogClient,
    private readonly configuration: ConfigurationServiceClient,
  ) {
    this.broker = new ServiceClient({ name: 'event-broker', url, token, timeoutMs: TIMEOUT_MS });
    this.callBroker = createClient<typeof eventBrokerApi>((request) => this.broker.request(request));
  }

  async read(): Promise<SystemState> {
    const [services, logPosition, distribution, failingUpstreams] = await Promise.all([
      this.probes.states(),
      orUndefined(this.eventLog.position()),
      orUndefined(this.distribution()),
      orUndefined(this.failingUpstreams()),
    ]);
    return {
      keptnVersion: API_VERSION,
      readAt: new Date().toISOString(),
      services,
      ...(logPosition !== undefined && { logPosition }),
      ...(distribution !== undefined && { distribution }),
      ...(failingUpstreams !== undefined && { failingUpstreams }),
    };
  }

  onApplicationShutdown(): Promise<void> {
    return this.broker.close();
  }

  private async distribution(): Promise<DistributionState> {
    const { subscriptions } = await this.callBroker('GET /v1/subscriptions');
    const active = subscriptions.filter(({ state }) => state === 'active');
    return {
      subscriptions: subscriptions.length,
      inactive: subscriptions.filter((each) => !active.includes(each)).map(({ name }) => name),
      failing: active.filter(({ failingSince }) => failingSince !== undefined).map(({ name }) => name),
      pending: subscriptions.reduce((sum, { pending }) => sum + pending, 0),
      lag: active.reduce((most: number, { lag }: Subscription) => Math.max(most, lag), 0),
    };
  }

  private async failingUpstreams(): Promise<FailingUpstream[]> {
    const failing: FailingUpstream[] = [];
    for await (const { projectName: project, upstream } of this.configuration.projects()) {
      const { failingSince, lastError = '', ahead = 0, behind = 0 } = upstream ?? {};
      if (failingSince !== undefined) failing.push({ project, failingSince, lastError, ahead, behind });
    }
    return failing;
  }
}

async function orUndefined<Answer>(asking: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await asking;
  } catch (error) {
    if (error instanceof ServiceError) return undefined;
    throw error;
  }
}
