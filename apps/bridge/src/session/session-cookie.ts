import { type IncomingHttpHeaders } from 'node:http';

/** What the browser keeps of a session. */
export interface CookieScope {
  /** PREFIX_PATH; installations behind different prefixes of one host do not sign each other out. */
  readonly prefix: string;
  /** Whether the browser speaks HTTPS with whatever is in front of the gateway. */
  readonly isSecure: boolean;
}

interface CookieKind {
  readonly name: string;
  readonly sameSite: 'Lax' | 'Strict';
}

/** No other site can have it sent. */
const SESSION: CookieKind = { name: 'keptn-bridge', sameSite: 'Strict' };

/** It comes back when an identity provider sends the browser back, which is another site. */
const ATTEMPT: CookieKind = { name: 'keptn-bridge-sign-in', sameSite: 'Lax' };

/** A browser takes a `__Host-` cookie from nobody but this very host, over HTTPS (RFC 6265bis section 4.1.3.2). */
const nameOf = ({ name }: CookieKind, { prefix, isSecure }: CookieScope): string =>
  `${isSecure ? '__Host-' : ''}${name}${prefix.replaceAll('/', '.')}`;

/** No script can read it, and no other host gets it. @param lifetimeMs milliseconds until the browser forgets it */
const cookieOf =
  (kind: CookieKind) =>
  (sealed: string, lifetimeMs: number, scope: CookieScope): string => {
    const attributes = `Path=/; HttpOnly; SameSite=${kind.sameSite}; Max-Age=${Math.floor(lifetimeMs / 1000)}`;
    return `${nameOf(kind, scope)}=${sealed}; ${attributes}${scope.isSecure ? '; Secure' : ''}`;
  };

/** @returns undefined when the browser sent none */
const sealedIn =
  (kind: CookieKind) =>
  ({ cookie = '' }: IncomingHttpHeaders, scope: CookieScope): string | undefined => {
    const start = `${nameOf(kind, scope)}=`;
    const found = cookie.split('; ').find((pair) => pair.startsWith(start));
    return found?.slice(start.length);
  };

export const sessionCookie = cookieOf(SESSION);
export const expiredCookie = (scope: CookieScope): string => sessionCookie('', 0, scope);
export const sealedSessionIn = sealedIn(SESSION);

export const attemptCookie = cookieOf(ATTEMPT);
export const expiredAttemptCookie = (scope: CookieScope): string => attemptCookie('', 0, scope);
export const sealedAttemptIn = sealedIn(ATTEMPT);
