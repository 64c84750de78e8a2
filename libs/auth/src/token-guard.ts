import { type IncomingMessage } from 'node:http';
import { isDocumentation, PROBE_ROUTES, type RequestGuard, Unauthenticated } from '@keptn/service-kit';
import { ApiToken } from './api-token';

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

/**
 * Refuses every request without the right token with 401, from its headers alone and whether or not the path exists. Texts as
 * in contract section 2.
 *
 * @param token the shared API token
 */
export function tokenGuard(token: string): RequestGuard {
  const expected = new ApiToken(token);
  return (request) => {
    // The matched pattern decides, not the raw path: no spelling of a path can look public and reach something else.
    if (request.routeOptions.url !== undefined && isPublic(request.routeOptions.url)) {
      return;
    }
    const offered = offeredToken(request);
    if (offered === undefined) {
      throw new Unauthenticated('unauthenticated for invalid credentials');
    }
    if (!expected.matches(offered)) {
      throw new Unauthenticated('incorrect api key auth');
    }
  };
}
