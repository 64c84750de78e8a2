import { HttpClient, permittedLookup, type PermittedNetworks, requirePermitted } from '@keptn/service-kit';
import { failedQuery, LARGEST_ANSWER } from '../failed-query';
import { NoValue } from '../no-value';
import { type SecretHeaders } from './http-credentials';
import { type HttpIndicator } from './http-indicator';
import { jsonValue } from './json-value';

export interface HttpAccess {
  readonly secrets: SecretHeaders;
  readonly networks: PermittedNetworks;
  /** In milliseconds. */
  readonly timeoutMs: number;
  /** Ends the request. */
  readonly signal: AbortSignal;
}

/**
 * Asks for the value of an indicator. No redirect is followed, and only permitted addresses are connected to.
 *
 * @throws NoValue
 */
export async function queryHttp(
  { url, method, headers, body, value }: HttpIndicator,
  { secrets, networks, timeoutMs, signal }: HttpAccess,
): Promise<number> {
  const client = new HttpClient({
    name: url.host,
    url: url.origin,
    timeoutMs,
    lookup: permittedLookup(networks),
    maxAnswerBytes: LARGEST_ANSWER,
  });
  try {
    await requirePermitted(url.hostname, networks);
    const answer = await client.send({
      method,
      path: url.pathname + url.search,
      headers: {
        accept: 'application/json',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
        ...secrets.get(url.origin),
      },
      body,
      signal,
    });
    if (answer.status !== 200) throw new NoValue(`${url.host} answered ${answer.status}`);
    return jsonValue(answer.body, value);
  } catch (error) {
    throw failedQuery(url.host, error);
  } finally {
    await client.close();
  }
}
