import { type Declaration } from '../subscription/declaration';
import { type NatsAddress, shownAddress } from './nats-address';

/** Name of the subscription that publishes the log: its position is where publishing goes on. */
export const NATS_SUBSCRIPTION = 'nats';

/** Whether the sink of a subscription is a NATS server. */
export const isNatsSink = (sink: string): boolean => /^(?:nats|tls):/.test(sink);

/** Publishing is a subscription like others: all events, one after another, from the end of the log when it is new. */
export const natsSubscription = (address: NatsAddress): Declaration => ({
  name: NATS_SUBSCRIPTION,
  sink: shownAddress(address),
  order: 'strict',
  types: [],
  from: 'end',
});
