import { type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import { type TrustedProxies } from './trusted-proxies';

/** What a client says about itself in the place of a proxy; only a trusted proxy may. */
const CLAIMS: ReadonlySet<string> = new Set([
  ...['forwarded', 'x-forwarded-proto', 'x-forwarded-host', 'x-forwarded-port', 'x-forwarded-prefix'],
]);

/** For this connection only (RFC 9110 section 7.6.1), and what is answered here already. */
const OF_THIS_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'upgrade',
  'expect',
]);

/**
 * Say where the request ends and whom it is for: a client that has them taken out could hide a second request in the first. The others are
 * the gateway's own, by which a request is found in logs.
 */
const NEVER_OF_THIS_HOP: ReadonlySet<string> = new Set([
  ...['content-length', 'transfer-encoding', 'host'],
  ...['x-request-id', 'traceparent'],
]);

const NOTHING: ReadonlySet<string> = new Set();

/**
 * The headers of the request for the service: whom it is for (contract 1.2), without what was meant for the gateway alone. They are made
 * anew, since an object of which members were deleted is a slow one.
 *
 * @param withheld names of more headers that stay here
 */
export function forwardedHeaders(
  request: IncomingMessage,
  client: string,
  proxies: TrustedProxies,
  withheld = NOTHING,
): IncomingHttpHeaders {
  const { headers } = request;
  const peer = proxies.peerOf(request);
  const claims = proxies.trusts(peer) ? NOTHING : CLAIMS;
  const named = namedForThisHop(headers.connection);
  const forwarded: IncomingHttpHeaders = {};
  for (const name of Object.keys(headers)) {
    if (!OF_THIS_HOP.has(name) && !claims.has(name) && !named.has(name) && !withheld.has(name)) {
      forwarded[name] = headers[name];
    }
  }
  const chain = forwarded['x-forwarded-for'];
  forwarded['x-forwarded-for'] = chain === undefined || chain === '' ? peer : `${String(chain)}, ${peer}`;
  forwarded['x-real-ip'] = client;
  forwarded['x-forwarded-proto'] ??= request.socket instanceof TLSSocket ? 'https' : 'http';
  if (forwarded.host !== undefined) {
    forwarded['x-forwarded-host'] ??= forwarded.host;
  }
  return forwarded;
}

/** RFC 9110 section 7.6.1. */
const namedForThisHop = (connection: string | undefined): ReadonlySet<string> => {
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') {
    return NOTHING;
  }
  const named = connection.split(',').map((name) => name.trim().toLowerCase());
  return new Set(named.filter((name) => !NEVER_OF_THIS_HOP.has(name)));
};
