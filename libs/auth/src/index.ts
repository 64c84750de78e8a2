/** Who may speak to the control plane: the shared API token, and tickets for websocket channels. */
export { ChannelTickets, InvalidTicket } from './channel-ticket';
export { authSettings } from './settings';
export { offeredToken, TOKEN_HEADER, tokenGuard } from './token-guard';
