import { type IncomingHttpHeaders } from 'node:http';

/** What the browser keeps of a session. */
export interface CookieScope {
  /** PREFIX_PATH; installations behind different prefixes of one host do not sign each other out. */
  readonly prefix: string;
  /** Whether the browser speaks HTTPS with whatever is in front of the gateway. */
  readonly isSecure: boolean;
}

/** No script can read it, no other site can have it sent, and no other host gets it. */
const ATTRIBUTES = 'Path=/; HttpOnly; SameSite=Strict';

/** A browser takes a `__Host-` cookie from nobody but this very host, over HTTPS (RFC 6265bis section 4.1.3.2). */
const nameOf = ({ prefix, isSecure }: CookieScope): string =>
  `${isSecure ? '__Host-' : ''}keptn-bridge${prefix.replaceAll('/', '.')}`;

/** @param lifetimeMs milliseconds until the browser forgets it */
export const sessionCookie = (sealed: string, lifetimeMs: number, scope: CookieScope): string =>
  `${nameOf(scope)}=${sealed}; ${ATTRIBUTES}; Max-Age=${Math.floor(lifetimeMs / 1000)}${scope.isSecure ? '; Secure' : ''}`;

export const expiredCookie = (scope: CookieScope): string => sessionCookie('', 0, scope);

/** @returns undefined when the browser sent none */
export function sealedSessionIn({ cookie = '' }: IncomingHttpHeaders, scope: CookieScope): string | undefined {
  const start = `${nameOf(scope)}=`;
  const found = cookie.split('; ').find((pair) => pair.startsWith(start));
  return found?.slice(start.length);
}
