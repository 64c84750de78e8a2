import { readFile } from 'node:fs/promises';
import { EnvHttpProxyAgent } from 'undici';
import { networkVariables } from './upstream-environment';

/**
 * A way to the upstream that takes what Git takes: the proxy of HTTPS_PROXY, HTTP_PROXY and NO_PROXY, and the certificates of
 * GIT_SSL_CAINFO. The caller destroys it.
 */
export async function openNetwork(): Promise<EnvHttpProxyAgent> {
  const { GIT_SSL_CAINFO, SSL_CERT_FILE } = networkVariables();
  const certificates = GIT_SSL_CAINFO ?? SSL_CERT_FILE;
  const tls = certificates === undefined ? {} : { ca: await readFile(certificates) };
  // As curl does: a tunnel for https only.
  return new EnvHttpProxyAgent({ connect: tls, requestTls: tls, proxyTls: tls, proxyTunnel: false });
}
