/** Who may speak to the control plane: tokens, signed identities, tickets for websocket channels, and how often one may guess. */
export { accessGuard, type NamedTokens, offeredToken, TOKEN_HEADER } from './access-guard';
export { AuditClient, type AuditClientOptions, auditThrough } from './audit-client';
export { type ChannelTicket, ChannelTickets, InvalidTicket } from './channel-ticket';
export { type FailedLogin, FailedLogins, type FailedLoginsOptions } from './failed-logins';
export { LoginRateLimiter } from './login-rate-limiter';
export { Identities, IDENTITY_HEADER } from './identity';
export { auditSettings, authSettings } from './settings';
