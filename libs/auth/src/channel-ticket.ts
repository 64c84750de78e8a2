import { type Caller } from '@keptn/api-models';
import { z } from 'zod';
import { nowSeconds, SignedClaims } from './signed-claims';

/** Long enough for the slowest delivery that a person waits for; the original's tickets lasted 360 days. */
const TICKET_LIFETIME_SECONDS = 24 * 60 * 60;

/** The ticket is forged or expired. */
export class InvalidTicket extends Error {
  constructor() {
    super('the ticket is invalid or expired');
    this.name = 'InvalidTicket';
  }
}

/** What a ticket says. */
const claims = z.object({
  /** The context whose channel it opens. */
  keptnContext: z.string(),
  /** In seconds since 1970 (RFC 7519 section 4.1.4). */
  exp: z.number(),
  /** Id of the named token that it was given for, with which it ends. */
  tokenId: z.string().optional(),
});

export type ChannelTicket = z.infer<typeof claims>;

/**
 * Tickets for the websocket channel of one Keptn context: JWTs (HS256), as in contract 3.0, but bound to their context,
 * expiring, and signed with a key that reveals nothing about the API token.
 */
export class ChannelTickets {
  private readonly signed: SignedClaims;

  /** @param apiToken the shared API token, from which the signing key is derived */
  constructor(apiToken: string) {
    this.signed = new SignedClaims(apiToken, 'keptn websocket channel ticket');
  }

  /** @param holder whose token the ticket does not outlive */
  issue(keptnContext: string, holder?: Caller): string {
    const { kind, id: tokenId, expiresAt = Infinity } = holder?.description ?? {};
    const exp = Math.min(nowSeconds() + TICKET_LIFETIME_SECONDS, expiresAt);
    return this.signed.sign({ keptnContext, exp, ...(kind === 'token' && { tokenId }) });
  }

  /** @throws InvalidTicket */
  verify(ticket: string): ChannelTicket {
    const { data } = claims.safeParse(this.signed.read(ticket));
    if (data === undefined || data.exp <= nowSeconds()) {
      throw new InvalidTicket();
    }
    return data;
  }
}
