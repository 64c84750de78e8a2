import { createHmac, timingSafeEqual } from 'node:crypto';

/** Of everything that is signed here. What begins otherwise was not, so there is no algorithm to choose and none to be fooled by. */
const HEADER = `${Buffer.from(JSON.stringify({ alg: 'HS256', typ: 'JWT' })).toString('base64url')}.`;

/** JWTs (HS256) of one purpose. The key is derived from the shared token and reveals nothing about it. */
export class SignedClaims {
  readonly #key: Uint8Array;

  /**
   * @param apiToken the shared API token
   * @param purpose what is signed for one is worth nothing for another
   */
  constructor(apiToken: string, purpose: string) {
    this.#key = createHmac('sha256', apiToken).update(purpose).digest();
  }

  sign(claims: object): string {
    const signed = HEADER + Buffer.from(JSON.stringify(claims)).toString('base64url');
    return `${signed}.${this.signatureOf(signed)}`;
  }

  /** @returns the claims, undefined when they are not signed here */
  read(text: string): unknown {
    const end = text.lastIndexOf('.');
    const signed = text.slice(0, Math.max(end, 0));
    if (!signed.startsWith(HEADER) || !equals(text.slice(end + 1), this.signatureOf(signed))) return undefined;
    return JSON.parse(Buffer.from(signed.slice(HEADER.length), 'base64url').toString());
  }

  private signatureOf(signed: string): string {
    return createHmac('sha256', this.#key).update(signed).digest('base64url');
  }
}

/** Takes the same time whatever is offered, as long as its length is right. */
function equals(offered: string, expected: string): boolean {
  const [one, other] = [Buffer.from(offered), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** Seconds since 1970 (RFC 7519 section 4.1.4). */
export const nowSeconds = (): number => Math.floor(Date.now() / 1000);
