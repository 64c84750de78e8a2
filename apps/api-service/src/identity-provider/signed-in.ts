import { Caller, type Grant } from '@keptn/api-models';
import { LOGGER, ServiceUnavailable, SETTINGS } from '@keptn/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { createRemoteJWKSet, decodeJwt, errors, type JWTPayload, jwtVerify, type RemoteJWKSet } from 'jose';
import { type Logger } from 'pino';
import { request } from 'undici';
import { z } from 'zod';
import { type ApiServiceSettings } from '../settings';
import { type IdentityProvider } from './identity-providers.setting';

/** Signatures with a key that only the provider has; never `none`, and never a secret that both have (RFC 8725 section 3.1). */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

/** How far clocks may differ, in seconds. */
const CLOCK_TOLERANCE_SECONDS = 60;

/** How long a provider has for an answer, in milliseconds. */
const TIMEOUT_MS = 5_000;

/** A token with an unknown key has the provider asked for its keys, at most so often, in milliseconds. */
const NEW_KEYS_INTERVAL_MS = 2_000;

/**
 * A provider is asked again for its keys after this time (ms), since it may have withdrawn one. While it is away, those that are known
 * count.
 */
const KEYS_INTERVAL_MS = 600_000;

/** What a token must look like before anybody asks who made it: three parts of base64url. */
const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

interface ProviderKeys {
  readonly set: RemoteJWKSet;
  /** When the provider was asked for all of them, by `performance.now()`. */
  askedAt: number;
}

const discovery = z.object({ issuer: z.string(), jwks_uri: z.url() });

/** Finds out who shows a token of an identity provider: a person who signed in, or a workload such as a job of a pipeline. */
@Injectable()
export class SignedIn {
  /** By issuer; a provider that is away is asked again. */
  private readonly keys = new Map<string, Promise<ProviderKeys>>();

  constructor(
    @Inject(SETTINGS) private readonly settings: ApiServiceSettings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * @returns undefined for a token that is forged, expired, not yet valid, for somebody else, or of an unknown provider
   * @throws ServiceUnavailable when its provider cannot be asked for its keys
   */
  async holderOf(token: string): Promise<Caller | undefined> {
    const provider = JWT.test(token) ? this.providerOf(token) : undefined;
    if (provider === undefined) return undefined;
    try {
      const keys = await this.keysOf(provider);
      this.renew(keys, provider);
      const { payload } = await jwtVerify(token, keys.set, {
        issuer: [provider.issuer, `${provider.issuer}/`],
        audience: provider.audience,
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        requiredClaims: ['exp', 'sub'],
      });
      return callerOf(payload, provider);
    } catch (error) {
      if (error instanceof ServiceUnavailable) throw error;
      if (isOfProvider(error)) throw this.unavailable(provider, error);
      this.logger.debug({ err: error, issuer: provider.issuer }, 'a token of an identity provider is refused');
      return undefined;
    }
  }

  /** One issuer may make tokens for several audiences, such as people and the jobs of a pipeline. */
  private providerOf(token: string): IdentityProvider | undefined {
    try {
      const { iss, aud = [] } = decodeJwt(token);
      const issuer = iss?.replace(/\/+$/, '');
      const ofIssuer = this.settings.IDENTITY_PROVIDERS.filter((provider) => provider.issuer === issuer);
      // Where none has the audience, the log says why the token is refused.
      return ofIssuer.find(({ audience }) => [aud].flat().includes(audience)) ?? ofIssuer[0];
    } catch {
      return undefined;
    }
  }

  private keysOf(provider: IdentityProvider): Promise<ProviderKeys> {
    const known = this.keys.get(provider.issuer);
    if (known !== undefined) return known;
    const keys = this.discover(provider).catch((error: unknown) => {
      this.keys.delete(provider.issuer);
      throw this.unavailable(provider, error);
    });
    this.keys.set(provider.issuer, keys);
    return keys;
  }

  private renew(keys: ProviderKeys, { issuer }: IdentityProvider): void {
    if (performance.now() - keys.askedAt < KEYS_INTERVAL_MS) return;
    keys.askedAt = performance.now();
    keys.set.reload().catch((error: unknown) => {
      this.logger.warn(
        { err: error, issuer },
        'an identity provider does not tell its keys; those that are known count',
      );
    });
  }

  /** OpenID Connect Discovery 1.0 section 4. */
  private async discover({ issuer }: IdentityProvider): Promise<ProviderKeys> {
    const { statusCode, body } = await request(`${issuer}/.well-known/openid-configuration`, {
      headersTimeout: TIMEOUT_MS,
      bodyTimeout: TIMEOUT_MS,
    });
    const found = discovery.parse(await body.json());
    if (statusCode !== 200 || found.issuer.replace(/\/+$/, '') !== issuer) {
      throw new Error(`the discovery document of ${issuer} is not its own`);
    }
    const set = createRemoteJWKSet(new URL(found.jwks_uri), {
      timeoutDuration: TIMEOUT_MS,
      cooldownDuration: NEW_KEYS_INTERVAL_MS,
      cacheMaxAge: Infinity,
    });
    return { set, askedAt: performance.now() };
  }

  private unavailable({ issuer }: IdentityProvider, cause: unknown): ServiceUnavailable {
    this.logger.warn({ err: cause, issuer }, 'an identity provider cannot be used');
    return new ServiceUnavailable(`the identity provider ${issuer} cannot be reached; try again in a moment`, {
      cause,
    });
  }
}

/** Whether the provider did not give its keys; otherwise it is the token that is wrong. A status other than 200 is of no class of its own. */
const isOfProvider = (error: unknown): boolean =>
  !(error instanceof errors.JOSEError) || error instanceof errors.JWKSTimeout || error.code === 'ERR_JOSE_GENERIC';

function callerOf(claims: JWTPayload, { issuer, kind, nameClaim, grants }: IdentityProvider): Caller {
  const { sub = '', exp } = claims;
  const { [nameClaim]: name, email } = claims;
  return new Caller({
    kind,
    name: typeof name === 'string' && name !== '' ? name : sub,
    id: `${issuer}#${sub}`,
    ...(typeof email === 'string' && { email }),
    grants: grants.filter((rule) => hasClaims(claims, rule.claims)).map(({ grant }): Grant => grant),
    ...(exp !== undefined && { expiresAt: exp }),
  });
}

const hasClaims = (claims: JWTPayload, wanted: Readonly<Record<string, string>>): boolean =>
  Object.entries(wanted).every(([name, value]) => {
    const found = claims[name];
    return Array.isArray(found) ? found.includes(value) : found === value;
  });
