import { type IdentityProvider } from '@keptn/api-models';
import { LOGGER } from '@keptn/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { decodeJwt } from 'jose';
import * as openid from 'openid-client';
import { type Logger } from 'pino';
import { IdentityProviders } from './identity-providers';
import { type IdentityRights } from './identity-rights';
import { ATTEMPT_LIFETIME_MS, type SignInAttempt } from './sign-in-attempt';
import { SignInFailed } from './sign-in.errors';

export interface BegunSignIn {
  /** Of the provider. */
  readonly location: string;
  readonly attempt: SignInAttempt;
}

/** Who signed in, as far as the provider says. */
export interface SignedInPerson {
  readonly rights: IdentityRights;
  readonly name: string | undefined;
}

/** Signs people in by the authorization code flow with PKCE, renews their tokens, and has them revoked. */
@Injectable()
export class SignInService {
  constructor(
    private readonly providers: IdentityProviders,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Names of the providers that people can sign in with. */
  async names(): Promise<string[]> {
    return (await this.providers.list()).map(({ name }) => name);
  }

  /**
   * @param callback where the provider sends the browser back to
   * @param to where the person wants to go, below the Bridge
   * @throws SignInFailed
   */
  async begin(name: string, callback: string, to: string): Promise<BegunSignIn> {
    const provider = (await this.providers.list()).find((each) => each.name === name);
    if (provider === undefined) throw new SignInFailed('unavailable');
    const client = await this.clientOf(provider);
    const attempt = {
      issuer: provider.issuer,
      state: openid.randomState(),
      nonce: openid.randomNonce(),
      verifier: openid.randomPKCECodeVerifier(),
      to,
      until: Date.now() + ATTEMPT_LIFETIME_MS,
    };
    const location = openid.buildAuthorizationUrl(client, {
      ...provider.parameters,
      redirect_uri: callback,
      scope: provider.scope,
      state: attempt.state,
      nonce: attempt.nonce,
      code_challenge: await openid.calculatePKCECodeChallenge(attempt.verifier),
      code_challenge_method: 'S256',
    });
    return { location: location.href, attempt };
  }

  /**
   * @param url that the provider sent the browser to
   * @throws SignInFailed
   */
  async finish(url: URL, { issuer, state, nonce, verifier, until }: SignInAttempt): Promise<SignedInPerson> {
    if (until < Date.now()) throw new SignInFailed('expired');
    const provider = await this.providerOf(issuer);
    const client = await this.clientOf(provider);
    try {
      const tokens = await openid.authorizationCodeGrant(client, url, {
        ...{ expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier },
        idTokenExpected: true,
      });
      return { rights: rightsOf(provider, tokens), name: nameOf(tokens.claims()) };
    } catch (error) {
      throw this.failureOf(error, issuer);
    }
  }

  /** @throws SignInFailed when the provider renews nothing any more */
  async renew({ issuer, refreshToken }: IdentityRights): Promise<IdentityRights> {
    if (refreshToken === undefined) throw new SignInFailed('expired');
    const provider = await this.providerOf(issuer);
    const client = await this.clientOf(provider);
    try {
      return rightsOf(provider, await openid.refreshTokenGrant(client, refreshToken), refreshToken);
    } catch (error) {
      throw this.failureOf(error, issuer);
    }
  }

  /** Best effort: the session is over here whatever the provider says. */
  async revoke({ issuer, refreshToken }: IdentityRights): Promise<void> {
    try {
      const client = await this.clientOf(await this.providerOf(issuer));
      if (refreshToken === undefined || client.serverMetadata().revocation_endpoint === undefined) return;
      await openid.tokenRevocation(client, refreshToken, { token_type_hint: 'refresh_token' });
    } catch (error) {
      this.logger.warn({ err: error, issuer }, 'a sign-in could not be revoked');
    }
  }

  private async providerOf(issuer: string): Promise<IdentityProvider> {
    const provider = (await this.providers.list()).find((each) => each.issuer === issuer);
    if (provider === undefined) throw new SignInFailed('unavailable');
    return provider;
  }

  private async clientOf(provider: IdentityProvider): Promise<openid.Configuration> {
    try {
      return await this.providers.clientOf(provider);
    } catch (error) {
      this.logger.warn({ err: error, issuer: provider.issuer }, 'an identity provider cannot be used');
      throw new SignInFailed('unavailable', { cause: error });
    }
  }

  private failureOf(error: unknown, issuer: string): SignInFailed {
    if (error instanceof SignInFailed) return error;
    this.logger.warn({ err: error, issuer }, 'a sign-in failed');
    if (error instanceof openid.AuthorizationResponseError) return new SignInFailed('denied', { cause: error });
    return new SignInFailed(isForNow(error) ? 'unavailable' : 'refused', { cause: error });
  }
}

const TOO_MANY_REQUESTS = 429;

const isPassing = (status: number): boolean => status >= 500 || status === TOO_MANY_REQUESTS;

/** Whether the provider gave no answer, or none that says no. */
function isForNow(error: unknown): boolean {
  if (error instanceof openid.ResponseBodyError) return isPassing(error.status);
  // What `fetch` throws for a connection that fails.
  if (error instanceof TypeError) return true;
  if (!(error instanceof openid.ClientError)) return false;
  return error.code === 'OAUTH_TIMEOUT' || (error.cause instanceof Response && isPassing(error.cause.status));
}

type Tokens = openid.TokenEndpointResponse & openid.TokenEndpointResponseHelpers;

/** @param known what renewed the token: a provider may leave it out of its answer when it stays (RFC 6749 section 6) */
function rightsOf({ issuer, token: kind }: IdentityProvider, tokens: Tokens, known?: string): IdentityRights {
  const { [kind]: token, refresh_token: refreshToken = known } = tokens;
  if (token === undefined) throw new SignInFailed('refused');
  const expiresIn = kind === 'access_token' ? tokens.expiresIn() : undefined;
  const tokenUntil = expiresIn === undefined ? endOf(token) : Date.now() + expiresIn * 1_000;
  return { kind: 'identity', issuer, token, tokenUntil, ...(refreshToken !== undefined && { refreshToken }) };
}

/** The API takes none without an end (RFC 6749 section 5.1 lets a provider leave it out of its answer), so that none lasts for ever. */
function endOf(token: string): number {
  try {
    return (decodeJwt(token).exp ?? 0) * 1_000;
  } catch {
    return 0;
  }
}

function nameOf(claims: openid.IDToken | undefined): string | undefined {
  const names = [claims?.['name'], claims?.['preferred_username'], claims?.['email'], claims?.sub];
  return names.find((each): each is string => typeof each === 'string' && each !== '');
}
