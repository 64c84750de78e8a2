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

/** `exp` is in seconds since 1970 (RFC 7519 section 4.1.4). */
const claims = z.object({ keptnContext: z.string(), exp: z.number() });

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

  issue(keptnContext: string): string {
    return this.signed.sign({ keptnContext, exp: nowSeconds() + TICKET_LIFETIME_SECONDS });
  }

  /**
   * @returns the Keptn context whose channel the ticket opens
   * @throws InvalidTicket
   */
  verify(ticket: string): string {
    const { data } = claims.safeParse(this.signed.read(ticket));
    if (data === undefined || data.exp <= nowSeconds()) {
      throw new InvalidTicket();
    }
    return data.keptnContext;
  }
}
