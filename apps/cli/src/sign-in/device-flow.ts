import { setTimeout as delay } from 'node:timers/promises';
import type { IdentityProvider } from '@keptn/api-models';
import { Failure } from '../failures/failure';
import { askProvider, type ProviderAnswer, type ProviderConnection } from './provider-request';
import { type SignedIn, signedIn } from './sign-in';

/** What a person has to do now: open the address, where the code is entered or already is. */
export interface Verification {
  readonly address: string;
  readonly code: string;
}

const DEVICE_CODE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

/** RFC 8628 section 3.2, in seconds. */
const DEFAULT_INTERVAL_S = 5;

/** RFC 8628 section 3.5, in seconds. */
const SLOW_DOWN_S = 5;

interface Endpoints {
  readonly deviceEndpoint: string;
  readonly tokenEndpoint: string;
  readonly revocationEndpoint?: string;
}

/**
 * Signs somebody in who has a browser anywhere, by the device flow (RFC 8628).
 *
 * @param show tells the person what to do
 * @throws Failure when the provider refuses, or the person does, or not soon enough
 */
export async function signInByDevice(
  provider: IdentityProvider,
  connection: ProviderConnection,
  show: (verification: Verification) => void,
): Promise<SignedIn> {
  const { issuer, clientId, scope, parameters, token } = provider;
  const { deviceEndpoint, ...endpoints } = await discover(issuer, connection);
  const form = { ...parameters, client_id: clientId, scope };
  const begun = await askProvider({ url: deviceEndpoint, form }, connection);
  const { device_code: deviceCode, user_code: code, verification_uri: address } = begun.body;
  if (typeof deviceCode !== 'string' || typeof code !== 'string' || typeof address !== 'string') {
    throw refusal(issuer, begun);
  }
  const { verification_uri_complete: complete = address } = begun.body;
  show({ address: String(complete), code });
  const answer = await poll(
    { issuer, tokenEndpoint: endpoints.tokenEndpoint, clientId, deviceCode },
    begun,
    connection,
  );
  return signedIn({ issuer, clientId, token, ...endpoints }, answer);
}

/** OpenID Connect Discovery 1.0 section 4. */
async function discover(issuer: string, connection: ProviderConnection): Promise<Endpoints> {
  const answer = await askProvider({ url: `${issuer}/.well-known/openid-configuration` }, connection);
  const {
    issuer: named,
    device_authorization_endpoint: deviceEndpoint,
    token_endpoint: tokenEndpoint,
    revocation_endpoint: revocationEndpoint,
  } = answer.body;
  if (typeof named !== 'string' || named.replace(/\/+$/, '') !== issuer || typeof tokenEndpoint !== 'string') {
    throw refusal(issuer, answer);
  }
  if (typeof deviceEndpoint !== 'string') {
    throw new Failure('notAuthenticated', `${issuer} has no device flow`, {
      hint: 'Ask its administrator for one, or use an API token.',
    });
  }
  return { deviceEndpoint, tokenEndpoint, ...(typeof revocationEndpoint === 'string' && { revocationEndpoint }) };
}

interface Poll {
  readonly issuer: string;
  readonly tokenEndpoint: string;
  readonly clientId: string;
  readonly deviceCode: string;
}

async function poll(
  { issuer, tokenEndpoint, clientId, deviceCode }: Poll,
  { body: { interval } }: ProviderAnswer,
  connection: ProviderConnection,
): Promise<ProviderAnswer> {
  const form = { grant_type: DEVICE_CODE_GRANT, client_id: clientId, device_code: deviceCode };
  let pauseS = typeof interval === 'number' ? interval : DEFAULT_INTERVAL_S;
  for (;;) {
    await delay(pauseS * 1_000, undefined, { signal: connection.signal }).catch((cause: unknown) => {
      throw new Failure('interrupted', 'interrupted before anything was changed', { cause });
    });
    const answer = await askProvider({ url: tokenEndpoint, form }, connection);
    if (answer.status === 200) return answer;
    const { error } = answer.body;
    if (error === 'slow_down') pauseS += SLOW_DOWN_S;
    else if (error !== 'authorization_pending') throw refusal(issuer, answer);
  }
}

/** RFC 6749 section 5.2. */
function refusal(issuer: string, { status, body: { error, error_description: reason } }: ProviderAnswer): Failure {
  switch (error) {
    case 'access_denied':
      return new Failure('notAuthenticated', `the sign-in at ${issuer} was refused`);
    case 'expired_token':
      return new Failure('notAuthenticated', `nobody signed in at ${issuer} in time`, { hint: 'Try again.' });
    default: {
      const said = [error, reason].filter((each) => typeof each === 'string').join(': ');
      return new Failure('failed', `${issuer} answered ${status}${said === '' ? '' : `: ${said}`}`);
    }
  }
}
