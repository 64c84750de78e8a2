import { acceptEvent } from './event';

/** The routes of event-broker: the door for events of services in the cluster, subscriptions and their deliveries. */
export const eventBrokerApi = { acceptEvent };
