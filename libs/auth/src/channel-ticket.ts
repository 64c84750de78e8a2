import { createHmac } from 'node:crypto';
import { errors, jwtVerify } from 'jose';

/** Long enough for the slowest delivery that a person waits for; the original's tickets lasted 360 days. */
const TICKET_LIFETIME_SECONDS = 24 * 60 * 60;

const HEADER = Buffer.from(JSON.stringify({ alg: 'HS256', typ: 'JWT' })).toString('base64url');

/** The ticket is forged, expired, or for another context. */
export class InvalidTicket extends Error {
  constructor() {
    super('the ticket is invalid, expired, or for another Keptn context');
    this.name = 'InvalidTicket';
  }
}

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
    const claims = { keptnContext, exp: Math.floor(Date.now() / 1000) + TICKET_LIFETIME_SECONDS };
    const signed = `${HEADER}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
    return `${signed}.${createHmac('sha256', this.#key).update(signed).digest('base64url')}`;
  }

  /** @throws InvalidTicket */
  async verify(ticket: string, keptnContext: string): Promise<void> {
    try {
      const { payload } = await jwtVerify(ticket, this.#key, { algorithms: ['HS256'], requiredClaims: ['exp'] });
      if (payload['keptnContext'] !== keptnContext) {
        throw new InvalidTicket();
      }
    } catch (error) {
      throw error instanceof errors.JOSEError ? new InvalidTicket() : error;
    }
  }
}
