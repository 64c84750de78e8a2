/** Carries the ticket of a channel (contract 3.10). */
export const TICKET_HEADER = 'token';

/** Names the channel that a client reads, which is a Keptn context. */
export const CHANNEL_HEADER = 'keptn-ws-channel-id';

/** Names the replica of this service that reads for a client of its own. */
export const RELAY_HEADER = 'keptn-ws-relay';
