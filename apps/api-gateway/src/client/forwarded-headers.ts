import { type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import { type TrustedProxies } from './trusted-proxies';

/** What a client says about itself in the place of a proxy; only a trusted proxy may. */
const CLAIMS = ['forwarded', 'x-forwarded-proto', 'x-forwarded-host', 'x-forwarded-port', 'x-forwarded-prefix'];

/** For this connection only (RFC 9110 section 7.6.1), and what is answered here already. */
const OF_THIS_HOP = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'upgrade',
  'expect',
];

/**
 * Say where the request ends and whom it is for: a client that has them taken out could hide a second request in the first. The others are
 * the gateway's own, by which a request is found in logs.
 */
const NEVER_OF_THIS_HOP: ReadonlySet<string> = new Set([
  ...['content-length', 'transfer-encoding', 'host'],
  ...['x-request-id', 'traceparent'],
]);

/** Tells the service whom the request is for (contract 1.2), and takes out what was meant for the gateway alone. */
export function forwardHeaders(request: IncomingMessage, client: string, proxies: TrustedProxies): void {
  const { headers } = request;
  removeHeadersOfThisHop(headers);
  const peer = proxies.peerOf(request);
  if (!proxies.trusts(peer)) {
    remove(headers, CLAIMS);
  }
  const chain = headers['x-forwarded-for'];
  headers['x-forwarded-for'] = chain === undefined || chain === '' ? peer : `${String(chain)}, ${peer}`;
  headers['x-real-ip'] = client;
  headers['x-forwarded-proto'] ??= request.socket instanceof TLSSocket ? 'https' : 'http';
  if (headers.host !== undefined) {
    headers['x-forwarded-host'] ??= headers.host;
  }
}

const removeHeadersOfThisHop = (headers: IncomingHttpHeaders): void => {
  const { connection } = headers;
  if (connection !== undefined && connection !== 'keep-alive' && connection !== 'close') {
    const named = connection.split(',').map((name) => name.trim().toLowerCase());
    remove(
      headers,
      named.filter((name) => !NEVER_OF_THIS_HOP.has(name)),
    );
  }
  remove(headers, OF_THIS_HOP);
};

const remove = (headers: IncomingHttpHeaders, names: readonly string[]): void => {
  for (const name of names) {
    if (name in headers) {
      Reflect.deleteProperty(headers, name);
    }
  }
};
