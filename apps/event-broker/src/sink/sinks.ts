import { ChannelTickets } from '@keptn/auth';
import { type SubscriptionSpec } from '@keptn/api-models';
import { permittedLookup, PermittedNetworks, SETTINGS } from '@keptn/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { type Settings } from '../settings';
import { SecretBox } from '../subscription/secret-box';
import { type SubscriptionRecord } from '../subscription/subscription.schema';
import { contentMakerOf } from './content';
import { ControlPlaneSink } from './control-plane-sink';
import { type Sink } from './sink';
import { WebhookSink } from './webhook-sink';

/** Makes the sink of a subscription. */
@Injectable()
export class Sinks {
  /** Which networks sinks outside of the control plane may be in. */
  readonly networks: PermittedNetworks;
  private readonly tickets: ChannelTickets;

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly secrets: SecretBox,
  ) {
    this.networks = new PermittedNetworks(settings.ALLOWED_SINK_NETWORKS, 'ALLOWED_SINK_NETWORKS');
    this.tickets = new ChannelTickets(settings.KEPTN_API_TOKEN);
  }

  /** @throws UnreadableSecret */
  of(record: SubscriptionRecord, { sink: url, protocolSettings }: SubscriptionSpec): Sink {
    const { timeoutMs, concurrency: connections } = protocolSettings;
    if (record.origin === 'declared') {
      const { KEPTN_API_TOKEN: token } = this.settings;
      return new ControlPlaneSink({ url, token, tickets: this.tickets, timeoutMs, connections });
    }
    return new WebhookSink({
      url,
      contentOf: contentMakerOf(protocolSettings),
      headers: { ...protocolSettings.headers, ...this.secrets.headersOf(record) },
      secrets: this.secrets.secretsOf(record),
      timeoutMs,
      connections,
      networks: this.networks,
      lookup: permittedLookup(this.networks),
    });
  }
}
