import { ALL_SCOPES, Caller, type CallerDescription } from '@keptn/api-models';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { nowSeconds, SignedClaims } from './signed-claims';

/** Carries the identity that api-service has signed and the gateway hands on. */
export const IDENTITY_HEADER = 'x-keptn-identity';

/** How long an identity counts, in seconds: longer than the gateway keeps it (30 s at most), by more than the clocks of nodes may differ. */
const LIFETIME_SECONDS = 60;

/** Identities that were verified a moment ago; each caller has one at a time for each replica of the gateway. */
const REMEMBERED = 1_000;

const SHARED = 'shared';

const description = z.object({
  kind: z.enum(['token', 'person', 'workload']),
  name: z.string(),
  id: z.string(),
  email: z.string().optional(),
  grants: z.array(
    z.object({ scopes: z.array(z.enum(ALL_SCOPES)), projects: z.union([z.literal('all'), z.array(z.string())]) }),
  ),
  expiresAt: z.number().optional(),
});

const claims = z.object({ exp: z.number(), caller: z.union([z.literal(SHARED), description]) });

interface Verified {
  readonly caller: Caller;
  readonly exp: number;
}

/** Who a caller is, signed for the services behind the gateway and for a minute. */
export class Identities {
  private readonly signed: SignedClaims;
  private readonly verified = new LRUCache<string, Verified>({ max: REMEMBERED });

  /** @param apiToken the shared API token, which all services of the control plane have */
  constructor(apiToken: string) {
    this.signed = new SignedClaims(apiToken, 'keptn caller identity');
  }

  sign(caller: Caller): string {
    const { kind } = caller.description;
    const who: CallerDescription | typeof SHARED =
      kind === 'shared' || kind === 'service' ? SHARED : caller.description;
    return this.signed.sign({ exp: nowSeconds() + LIFETIME_SECONDS, caller: who });
  }

  /** @returns undefined for an identity that is forged or expired */
  verify(identity: string): Caller | undefined {
    const known = this.verified.get(identity) ?? this.read(identity);
    return known !== undefined && known.exp > nowSeconds() ? known.caller : undefined;
  }

  private read(identity: string): Verified | undefined {
    const { data } = claims.safeParse(this.signed.read(identity));
    if (data === undefined) return undefined;
    const verified = { exp: data.exp, caller: data.caller === SHARED ? Caller.SHARED : new Caller(data.caller) };
    this.verified.set(identity, verified);
    return verified;
  }
}
