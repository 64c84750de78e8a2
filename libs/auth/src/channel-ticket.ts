import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/** Long enough for the slowest delivery that a person waits for; the original's tickets lasted 360 days. */
const TICKET_LIFETIME_SECONDS = 24 * 60 * 60;

/** Of every ticket. What begins otherwise was not made here, so there is no algorithm to choose and none to be fooled by. */
const HEADER = `${Buffer.from(JSON.stringify({ alg: 'HS256', typ: 'JWT' })).toString('base64url')}.`;

/** The ticket is forged or expired. */
export class InvalidTicket extends Error {
  constructor() {
    super('the ticket is invalid or expired');
    this.name = 'InvalidTicket';
  }
}

/** `exp` is in seconds since 1970 (RFC 7519 section 4.1.4). */
const claims = z.object({ keptnContext: z.string(), exp: z.number() });

const nowSeconds = (): number => Math.floor(Date.now() / 1000);

/**
 * Tickets for the websocket channel of one Keptn context: JWTs (HS256), as in contract 3.0, but bound to their context,
 * expiring, and signed with a key that reveals nothing about the API token.
 */
export class ChannelTickets {
  readonly #key: Uint8Array;

  /** @param apiToken the shared API token, from which the signing key is derived */
  constructor(apiToken: string) {
    this.#key = createHmac('sha256', apiToken).update('keptn websocket channel ticket').digest();
  }

  issue(keptnContext: string): string {
    const payload = { keptnContext, exp: nowSeconds() + TICKET_LIFETIME_SECONDS };
    const signed = HEADER + Buffer.from(JSON.stringify(payload)).toString('base64url');
    return `${signed}.${this.signatureOf(signed)}`;
  }

  /**
   * @returns the Keptn context whose channel the ticket opens
   * @throws InvalidTicket
   */
  verify(ticket: string): string {
    const end = ticket.lastIndexOf('.');
    const signed = ticket.slice(0, Math.max(end, 0));
    if (!signed.startsWith(HEADER) || !equals(ticket.slice(end + 1), this.signatureOf(signed))) {
      throw new InvalidTicket();
    }
    const payload: unknown = JSON.parse(Buffer.from(signed.slice(HEADER.length), 'base64url').toString());
    const { data } = claims.safeParse(payload);
    if (data === undefined || data.exp <= nowSeconds()) {
      throw new InvalidTicket();
    }
    return data.keptnContext;
  }

  private signatureOf(signed: string): string {
    return createHmac('sha256', this.#key).update(signed).digest('base64url');
  }
}

/** Takes the same time whatever is offered, as long as its length is right. */
const equals = (offered: string, expected: string): boolean =>
  offered.length === expected.length && timingSafeEqual(Buffer.from(offered), Buffer.from(expected));
