import { createHmac } from 'node:crypto';
import { errors, jwtVerify } from 'jose';
import { z } from 'zod';

/** Long enough for the slowest delivery that a person waits for; the original's tickets lasted 360 days. */
const TICKET_LIFETIME_SECONDS = 24 * 60 * 60;

const HEADER = Buffer.from(JSON.stringify({ alg: 'HS256', typ: 'JWT' })).toString('base64url');

/** The ticket is forged or expired. */
export class InvalidTicket extends Error {
  constructor() {
    super('the ticket is invalid or expired');
    this.name = 'InvalidTicket';
  }
}

const claims = z.object({ keptnContext: z.string() });

/**
 * Tickets for the websocket channel of one Keptn context: JWTs (HS256), as in contract 3.0, but bound to their context,
 * expiring, and signed with a key that tells nothing about the API token.
 */
export class ChannelTickets {
  readonly #key: Uint8Array;

  /** @param apiToken the shared API token, from which the signing key is derived */
  constructor(apiToken: string) {
    this.#key = createHmac('sha256', apiToken).update('keptn websocket channel ticket').digest();
  }

  /** Signed here and not by jose: every event that is sent needs a ticket, and WebCrypto takes ten times as long. */
  issue(keptnContext: string): string {
    const payload = { keptnContext, exp: Math.floor(Date.now() / 1000) + TICKET_LIFETIME_SECONDS };
    const signed = `${HEADER}.${Buffer.from(JSON.stringify(payload)).toString('base64url')}`;
    return `${signed}.${createHmac('sha256', this.#key).update(signed).digest('base64url')}`;
  }

  /**
   * @returns the Keptn context whose channel the ticket opens
   * @throws InvalidTicket
   */
  async verify(ticket: string): Promise<string> {
    try {
      const { payload } = await jwtVerify(ticket, this.#key, { algorithms: ['HS256'], requiredClaims: ['exp'] });
      return claims.parse(payload).keptnContext;
    } catch (error) {
      throw error instanceof errors.JOSEError || error instanceof z.ZodError ? new InvalidTicket() : error;
    }
  }
}
