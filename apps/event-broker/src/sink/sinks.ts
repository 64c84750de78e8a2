import { type LookupFunction } from 'node:net';
import { ChannelTickets } from '@keptn/auth';
import { type SubscriptionSpec } from '@keptn/api-models';
import { permittedLookup, PermittedNetworks, SETTINGS } from '@keptn/service-kit';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Agent } from 'undici';
import { type Settings } from '../settings';
import { SecretBox } from '../subscription/secret-box';
import { type SubscriptionRecord } from '../subscription/subscription.schema';
import { contentMakerOf } from './content';
import { NatsPublisher } from '../nats/nats-publisher';
import { isNatsSink } from '../nats/nats-subscription';
import { NatsSink } from './nats-sink';
import { ControlPlaneSink } from './control-plane-sink';
import { type Sink } from './sink';
import { WebhookSink } from './webhook-sink';

/** Headers of an answer, in bytes; Node's own default. */
const HEADERS_LIMIT = 16 * 1_024;

const CONNECT_TIMEOUT_MS = 5_000;

/** Makes the sinks of subscriptions, which share connections: there are as many to a host as there are requests at the same time. */
@Injectable()
export class Sinks implements OnApplicationShutdown {
  /** Which networks sinks outside of the control plane may be in. */
  readonly networks: PermittedNetworks;
  private readonly tickets: ChannelTickets;
  private readonly inside = connectionsWith();
  private readonly outside: Agent;

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly secrets: SecretBox,
    private readonly nats: NatsPublisher,
  ) {
    this.networks = new PermittedNetworks(settings.ALLOWED_SINK_NETWORKS, 'ALLOWED_SINK_NETWORKS');
    this.outside = connectionsWith(permittedLookup(this.networks));
    this.tickets = new ChannelTickets(settings.KEPTN_API_TOKEN);
  }

  /** @throws UnreadableSecret */
  of(record: SubscriptionRecord, { sink: url, protocolSettings }: SubscriptionSpec): Sink {
    const { timeoutMs } = protocolSettings;
    if (record.origin === 'declared') {
      if (isNatsSink(url)) return new NatsSink(this.nats, this.tickets);
      const { KEPTN_API_TOKEN: token } = this.settings;
      return new ControlPlaneSink({ url, token, tickets: this.tickets, timeoutMs, connections: this.inside });
    }
    return new WebhookSink({
      url,
      contentOf: contentMakerOf(protocolSettings),
      headers: { ...protocolSettings.headers, ...this.secrets.headersOf(record) },
      secrets: this.secrets.secretsOf(record),
      timeoutMs,
      networks: this.networks,
      connections: this.outside,
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.inside.destroy(), this.outside.destroy()]);
  }
}

/** @param lookup finds the addresses that may be connected to; any when absent */
const connectionsWith = (lookup?: LookupFunction): Agent =>
  new Agent({
    maxHeaderSize: HEADERS_LIMIT,
    connect: { timeout: CONNECT_TIMEOUT_MS, ...(lookup !== undefined && { lookup }) },
  });
