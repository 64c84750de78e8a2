import type { eventBrokerApi } from '@keptn/api-models';
import { type Client, createClient } from '@keptn/api-models/client';
import { LOGGER, ServiceClient, ServiceError, SETTINGS } from '@keptn/service-kit';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { type Logger } from 'pino';
import { type Settings } from '../settings';

/** As the deployment declares it in DECLARED_SUBSCRIPTIONS. */
const OWN_SUBSCRIPTION = 'shipyard-controller';

/** Up to where of the log everything was recorded that people look at, by whichever replica. */
@Injectable()
export class ReadPosition implements OnApplicationShutdown {
  private readonly client: ServiceClient;
  private readonly call: Client<typeof eventBrokerApi>;
  private known = 0;

  constructor(
    @Inject(SETTINGS) { EVENT_BROKER_URL: url, KEPTN_API_TOKEN: token }: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.client = new ServiceClient({ name: 'event-broker', url, token });
    this.call = createClient<typeof eventBrokerApi>((request) => this.client.request(request));
  }

  /**
   * Waits a moment for a position. What is read afterwards is as new as the position that this answers.
   *
   * @param wanted sequence number of the log; undefined to wait for nothing
   * @returns 0 when it is not known
   */
  async reach(wanted: number | undefined): Promise<number> {
    if (wanted === undefined || wanted <= this.known) return this.known;
    try {
      const { position } = await this.call('GET /v1/subscriptions/{name}/position', {
        parameters: { name: OWN_SUBSCRIPTION },
        query: { notOlderThan: String(wanted) },
      });
      this.known = Math.max(this.known, position);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      this.logger.debug({ err: error }, 'event-broker does not say up to where it has delivered');
    }
    return this.known;
  }

  onApplicationShutdown(): Promise<void> {
    return this.client.close();
  }
}
