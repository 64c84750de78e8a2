import type { IdentityProvider } from '@keptn/api-models';
import { Failure } from '../failures/failure';
import { type ProviderAnswer } from './provider-request';

/** How somebody signed in, as it is stored beside the token: what renews the token, and where. */
export interface SignIn {
  readonly issuer: string;
  readonly clientId: string;
  readonly token: IdentityProvider['token'];
  readonly tokenEndpoint: string;
  readonly revocationEndpoint?: string;
  /** Absent when the provider gave none: then the token ends, and nothing renews it. */
  readonly refreshToken?: string;
  /** When the token ends, in milliseconds since 1970. */
  readonly expiresAt: number;
}

/** A token for the API, and how it came about. */
export interface SignedIn {
  readonly token: string;
  readonly signIn: SignIn;
}

type Origin = Omit<SignIn, 'expiresAt' | 'refreshToken'> & Pick<Partial<SignIn>, 'refreshToken'>;

/** A provider that says nothing about the life of its token: it is renewed before each command. */
const UNKNOWN_LIFETIME_S = 0;

/**
 * Reads what a token endpoint answers with (RFC 6749 section 5.1).
 *
 * @throws Failure when it holds no token for the API
 */
export function signedIn(origin: Origin, { body }: ProviderAnswer): SignedIn {
  const token = body[origin.token];
  if (typeof token !== 'string') {
    throw new Failure('notAuthenticated', `${origin.issuer} gave no ${origin.token}`, {
      hint: 'The administrator of the control plane sets what is asked for: IDENTITY_PROVIDERS.',
    });
  }
  const { refresh_token: refreshToken = origin.refreshToken, expires_in: lifetime } = body;
  const seconds = typeof lifetime === 'number' ? lifetime : UNKNOWN_LIFETIME_S;
  return {
    token,
    signIn: {
      ...origin,
      ...(typeof refreshToken === 'string' && { refreshToken }),
      expiresAt: endOf(token) ?? Date.now() + seconds * 1_000,
    },
  };
}

/** @returns when a JWT expires, in milliseconds since 1970; undefined for a text that is none */
function endOf(token: string): number | undefined {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    return typeof claims === 'object' && claims !== null && 'exp' in claims && typeof claims.exp === 'number'
      ? claims.exp * 1_000
      : undefined;
  } catch {
    return undefined;
  }
}
