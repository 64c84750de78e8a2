import { Failure, reasonOf } from './failure';

/** What a person can do about a connection that fails, by the code of Node's error. */
const HINTS: Readonly<Record<string, string>> = {
  ECONNRESET: 'The other side hung up: is the scheme right (http or https), and is there a proxy in between?',
  EPROTO: 'The other side does not speak TLS: is it http instead of https?',
  ERR_SSL_WRONG_VERSION_NUMBER: 'The other side does not speak TLS: is it http instead of https?',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'The other side does not speak TLS: is it http instead of https?',
  ERR_TLS_CERT_ALTNAME_INVALID: 'The certificate is for another host: use the name that is in it.',
  CERT_HAS_EXPIRED: 'The certificate of the server has expired: renew it, and check the clock of this machine.',
};

/** The same, while nothing is known of the server yet. */
const DIRECT_HINTS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Nothing listens there: is the control plane running, and is the port right?',
  ENOTFOUND: 'There is no such host: check the endpoint, or the DNS of this machine.',
  EAI_AGAIN: 'The DNS of this machine does not answer: check the network.',
};

const PROXY_HINT = 'Check the proxy that HTTP_PROXY or HTTPS_PROXY names, or exclude the host with NO_PROXY.';

const UNKNOWN_ISSUER = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

const TRUST_HINT = 'If you trust it, name its certificate authority with --ca-file or NODE_EXTRA_CA_CERTS.';

/**
 * @param error of Node's HTTP client
 * @param proxy that it was to be reached through
 */
export function connectionFailure(endpoint: string, error: unknown, proxy: string | undefined): Failure {
  const code = codeOf(error);
  const way = proxy === undefined ? '' : ` through the proxy ${proxy}`;
  return new Failure('unreachable', `${endpoint} cannot be reached${way}: ${describe(error, code)}`, {
    hint: hintOf(code, proxy),
    cause: error,
  });
}

function hintOf(code: string, proxy: string | undefined): string {
  if (UNKNOWN_ISSUER.has(code)) {
    return TRUST_HINT;
  }
  return HINTS[code] ?? (proxy === undefined ? (DIRECT_HINTS[code] ?? '"keptn doctor" tells more.') : PROXY_HINT);
}

function codeOf(error: unknown): string {
  // Several addresses that were tried one after the other.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  // As hpagent says it, without a code.
  if (first instanceof Error && first.message === 'Proxy timeout') return 'PROXY_TIMEOUT';
  return first instanceof Error && 'code' in first && typeof first.code === 'string' ? first.code : '';
}

function describe(error: unknown, code: string): string {
  switch (code) {
    case 'PROXY_TIMEOUT':
      return 'it does not answer';
    case 'ECONNREFUSED':
      return 'connection refused';
    case 'ECONNRESET':
      return 'connection reset';
    case 'ENOTFOUND':
      return 'host not found';
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
      return 'no TLS';
    default:
      return reasonOf(error).split('\n')[0] ?? '';
  }
}
