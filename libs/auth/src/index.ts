/** Who may speak to the control plane: tokens, signed identities, and tickets for websocket channels. */
export { accessGuard, type NamedTokens, offeredToken, TOKEN_HEADER } from './access-guard';
export { ChannelTickets, InvalidTicket } from './channel-ticket';
export { Identities, IDENTITY_HEADER } from './identity';
export { authSettings } from './settings';
