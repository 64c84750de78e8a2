import { type IncomingMessage } from 'node:http';
import { Caller } from '@keptn/api-models';
import {
  type Authenticated,
  isDocumentation,
  ON_BEHALF_HEADER,
  PROBE_ROUTES,
  type RequestGuard,
  Unauthenticated,
} from '@keptn/service-kit';
import { type FastifyRequest } from 'fastify';
import { ApiToken } from './api-token';
import { IDENTITY_HEADER, Identities } from './identity';

/** The header that carries the API token (contract section 2). */
export const TOKEN_HEADER = 'x-token';

/** Node joins the values of a header that was sent more than once. No token holds a blank. */
const SEPARATOR = ', ';

/**
 * The token that a request offers: in `x-token`, or as `Authorization: Bearer`, the one header that scrapers of metrics can set.
 * It may be sent more than once. Different tokens are returned together, which is the right one in no case.
 */
export function offeredToken({ headers }: Pick<IncomingMessage, 'headers'>): string | undefined {
  const { [TOKEN_HEADER]: token, authorization } = headers;
  if (authorization === undefined && typeof token === 'string' && !token.includes(SEPARATOR)) {
    return token === '' ? undefined : token;
  }
  const bearer = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
  const offered = [...[token].flat().flatMap((each) => each?.split(SEPARATOR)), bearer];
  const distinct = new Set(offered.filter((each) => each !== undefined && each !== ''));
  return distinct.size === 0 ? undefined : [...distinct].join(SEPARATOR);
}

/** What a service answers to anyone: probes, and the documentation of its API. */
const isPublic = (route: string): boolean => PROBE_ROUTES.has(route) || isDocumentation(route);

/** What a guard of a service knows. */
export interface AccessSettings {
  /** The shared API token. */
  readonly KEPTN_API_TOKEN: string;
  /** Whether requests without a token come from services of the control plane: the network lets nobody else in. */
  readonly TRUSTED_NETWORK: boolean;
}

/** Finds out who shows a token that is not the shared one. */
export type NamedTokens = (token: string) => Promise<Caller | undefined>;

/**
 * Says who makes a request, from its headers alone and whether or not the path exists: whoever the gateway names by a signed identity, or
 * a service of the control plane by the shared token. All others get 401, with texts as in contract section 2.
 *
 * @param namedTokens where tokens of other callers are looked up; without it they are wrong
 */
export function accessGuard(
  { KEPTN_API_TOKEN, TRUSTED_NETWORK }: AccessSettings,
  namedTokens?: NamedTokens,
): RequestGuard {
  const expected = new ApiToken(KEPTN_API_TOKEN);
  const identities = new Identities(KEPTN_API_TOKEN);
  const asService = ({ headers }: FastifyRequest): Authenticated => {
    const identity = headers[ON_BEHALF_HEADER];
    const actor = typeof identity === 'string' ? identities.verify(identity) : undefined;
    return actor === undefined ? SERVICE : { caller: Caller.SERVICE, actor, identity: identity as string };
  };
  return (request) => {
    // The matched pattern decides, not the raw path: no spelling of a path can look public and reach something else.
    const { url, config } = request.routeOptions;
    if ((url !== undefined && isPublic(url)) || config.contract?.scope === 'anyone') return ANYONE;
    const identity = request.headers[IDENTITY_HEADER];
    if (identity !== undefined) return byIdentity(identities, identity);
    const offered = offeredToken(request);
    if (offered === undefined) {
      if (TRUSTED_NETWORK) return asService(request);
      throw new Unauthenticated('unauthenticated for invalid credentials');
    }
    if (expected.matches(offered)) return asService(request);
    if (TRUSTED_NETWORK && namedTokens === undefined) return SERVICE;
    return byNamedToken(namedTokens, offered);
  };
}

const ANYONE: Authenticated = { caller: Caller.ANYONE };
const SERVICE: Authenticated = { caller: Caller.SERVICE };

function byIdentity(identities: Identities, identity: string | string[]): Authenticated {
  const caller = typeof identity === 'string' ? identities.verify(identity) : undefined;
  if (caller === undefined)
    throw new Unauthenticated('the identity was not signed by this control plane, or has expired');
  return { caller, actor: caller, identity: identity as string };
}

async function byNamedToken(namedTokens: NamedTokens | undefined, token: string): Promise<Authenticated> {
  const caller = await namedTokens?.(token);
  if (caller === undefined) throw new Unauthenticated('incorrect api key auth');
  return { caller, actor: caller };
}
