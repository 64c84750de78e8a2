import { z } from 'zod';
import { Seal } from '../seal/seal';

/** How long somebody has for the pages of the provider, in milliseconds. */
export const ATTEMPT_LIFETIME_MS = 600_000;

const attempt = z.object({
  issuer: z.string(),
  /** The browser that comes back is the one that left (RFC 9700 section 4.7). */
  state: z.string(),
  /** The ID token was made for this attempt (OpenID Connect Core 1.0 section 15.5.2). */
  nonce: z.string(),
  /** Whoever catches the code on its way cannot use it (RFC 7636). */
  verifier: z.string(),
  /** Where the person wanted to go, below the Bridge. */
  to: z.string(),
  /** Milliseconds since 1970. */
  until: z.number(),
});

/** What the browser keeps while somebody is at the provider. */
export type SignInAttempt = z.infer<typeof attempt>;

/** For the cookie of an attempt. */
export class AttemptSeal extends Seal<SignInAttempt> {
  /** @param secret of the deployment */
  constructor(secret: string) {
    super({ secret, purpose: 'sign-in cookie of the Bridge', content: attempt });
  }
}
