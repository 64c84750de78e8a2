import { type ChannelTickets } from '@keptn/auth';
import { type LogEvent } from '../log/log-event';
import { type NatsPublisher } from '../nats/nats-publisher';
import { type Sink, type SinkAnswer } from './sink';
import { withTicket } from './with-ticket';

/** Events that are published together. */
const MOST_EVENTS = 200;

/** NATS as the sink of a subscription. */
export class NatsSink implements Sink {
  private mostEvents = MOST_EVENTS;

  constructor(
    private readonly publisher: NatsPublisher,
    private readonly tickets: ChannelTickets,
  ) {}

  /** An event that cannot be published is to be refused alone: those before it go first, and then it comes by itself. */
  get groupSize(): number {
    return this.mostEvents;
  }

  async send(events: readonly LogEvent[], signal: AbortSignal): Promise<SinkAnswer> {
    const { waitMs } = this.publisher;
    if (waitMs === undefined) return { outcome: 'failed', error: 'NATS is not connected' };
    if (waitMs > 0) {
      return { outcome: 'failed', error: 'NATS is back; its other clients are waited for', retryAfterMs: waitMs };
    }
    const publications = events.map((event) => ({ event, text: withTicket(event, this.tickets) }));
    const refusals = publications.map((each) => this.publisher.refusalOf(each));
    const refused = refusals.findIndex((reason) => reason !== undefined);
    this.mostEvents = refused === -1 || events.length === 1 ? MOST_EVENTS : Math.max(1, refused);
    const error = refusals[refused];
    if (error !== undefined) return { outcome: 'refused', error };
    try {
      await this.publisher.publish(publications, signal);
      return { outcome: 'accepted' };
    } catch (error) {
      return { outcome: 'failed', error: error instanceof Error ? error.message : 'NATS did not confirm' };
    }
  }

  /** The connection is that of the whole service. */
  close(): Promise<void> {
    return Promise.resolve();
  }
}
