import { ChannelTickets } from '@keptn/auth';
import { type SubscriptionSpec } from '@keptn/api-models';
import { permittedLookup, PermittedNetworks, SETTINGS } from '@keptn/service-kit';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { type Settings } from '../settings';
import { SecretBox } from '../subscription/secret-box';
import { type SubscriptionReach, type SubscriptionRecord } from '../subscription/subscription.schema';
import { contentMakerOf } from './content';
import { NatsPublisher } from '../nats/nats-publisher';
import { isNatsSink } from '../nats/nats-subscription';
import { LogClient } from '../log/log-client';
import { NatsSink } from './nats-sink';
import { CommandSink, commandNameOf } from './command-sink';
import { type ListedCommand, UnlistedCommand } from './listed-commands';
import { ControlPlaneSink } from './control-plane-sink';
import { ReportingSink } from './reporting-sink';
import { LISTED_OF_ANSWER, REPORTED_OF_ANSWER, type Sink } from './sink';
import { SinkConnections } from './sink-connections';
import { WebhookSink } from './webhook-sink';

/** Makes the sinks of subscriptions, which share connections: there are as many to a host as there are requests at the same time. */
@Injectable()
export class Sinks implements OnApplicationShutdown {
  private readonly tickets: ChannelTickets;
  private readonly inside = new SinkConnections();
  /** Where sinks that are no part of the control plane may be, and connections that reach nothing else. */
  private readonly outside: Readonly<
    Record<SubscriptionReach, { networks: PermittedNetworks; connections: SinkConnections }>
  >;

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly secrets: SecretBox,
    private readonly nats: NatsPublisher,
    private readonly log: LogClient,
  ) {
    const allowed = new PermittedNetworks(settings.ALLOWED_SINK_NETWORKS, 'ALLOWED_SINK_NETWORKS');
    const outside = new PermittedNetworks([], 'what callers for some projects may reach');
    this.outside = {
      allowed: { networks: allowed, connections: new SinkConnections(permittedLookup(allowed)) },
      outside: { networks: outside, connections: new SinkConnections(permittedLookup(outside)) },
    };
    this.tickets = new ChannelTickets(settings.KEPTN_API_TOKEN);
  }

  /** Which networks sinks of this reach may be in. */
  networks(reach: SubscriptionReach): PermittedNetworks {
    return this.outside[reach].networks;
  }

  /** Asks nobody. @throws UnreadableSecret, UnlistedCommand, InvalidTemplate */
  of(record: SubscriptionRecord, spec: SubscriptionSpec): Sink {
    if (record.origin === 'declared') return this.declared(spec);
    const sink = this.created(record, spec);
    return spec.reportsOutcome === true ? new ReportingSink(sink, record._id, this.log) : sink;
  }

  /** The listed command that a sink names; undefined for a URL. @throws UnlistedCommand */
  command(sink: string): ListedCommand | undefined {
    const name = commandNameOf(sink);
    if (name === undefined) return undefined;
    const command = this.settings.COMMANDS_FILE.get(name);
    if (command === undefined) throw new UnlistedCommand(name);
    return command;
  }

  private declared({ sink: url, protocolSettings: { timeoutMs } }: SubscriptionSpec): Sink {
    if (isNatsSink(url)) return new NatsSink(this.nats, this.tickets);
    const { KEPTN_API_TOKEN: token } = this.settings;
    return new ControlPlaneSink({ url, token, tickets: this.tickets, timeoutMs, connections: this.inside });
  }

  private created(record: SubscriptionRecord, { sink: url, protocolSettings, reportsOutcome }: SubscriptionSpec): Sink {
    const command = this.command(url);
    if (command !== undefined) return new CommandSink(command, this.settings.PATH);
    return new WebhookSink({
      url,
      contentOf: contentMakerOf(protocolSettings),
      headers: { ...protocolSettings.headers, ...this.secrets.headersOf(record) },
      secrets: this.secrets.secretsOf(record),
      timeoutMs: protocolSettings.timeoutMs,
      keptOfAnswer: reportsOutcome === true ? REPORTED_OF_ANSWER : LISTED_OF_ANSWER,
      ...this.outside[record.reach ?? 'allowed'],
    });
  }

  async onApplicationShutdown(): Promise<void> {
    const { allowed, outside } = this.outside;
    const all = [this.inside, allowed.connections, outside.connections];
    await Promise.all(all.map((connections) => connections.destroy()));
  }
}
