/** Carries the ticket of a channel (contract 3.10). */
export const TICKET_HEADER = 'token';

/** Names the channel that a client reads, which is a Keptn context. */
export const CHANNEL_HEADER = 'keptn-ws-channel-id';

/** Names the replica of this service that reads for a client of its own. */
export const RELAY_HEADER = 'keptn-ws-relay';

/** Names the replica of this service that waits for the end of the channel, and leaves its messages to those who read it. */
export const OBSERVER_HEADER = 'keptn-ws-observer';
