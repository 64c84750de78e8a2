import {
  AddressNotPermitted,
  HttpClient,
  permittedLookup,
  type PermittedNetworks,
  requirePermitted,
} from '@keptn/service-kit';
import { NoValue } from '../no-value';
import { type SecretHeaders } from './http-credentials';
import { type HttpIndicator } from './http-indicator';
import { jsonValue } from './json-value';

/** Far more than an answer with a figure has. */
const LARGEST_ANSWER = 1024 * 1024;

export interface HttpAccess {
  readonly secrets: SecretHeaders;
  readonly networks: PermittedNetworks;
  /** Of the whole request, in milliseconds. */
  readonly timeoutMs: number;
}

/**
 * Asks for the value of an indicator. No redirect is followed, and only permitted addresses are connected to.
 *
 * @throws NoValue
 */
export async function queryHttp(
  { url, method, headers, body, value }: HttpIndicator,
  { secrets, networks, timeoutMs }: HttpAccess,
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
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (answer.status !== 200) throw new NoValue(`${url.host} answered ${answer.status}`);
    return jsonValue(answer.body, value);
  } catch (error) {
    if (error instanceof NoValue) throw error;
    throw new NoValue(reasonOf(error), { cause: error });
  } finally {
    await client.close();
  }
}

/** A refused address shows in the failure of the connection. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof AddressNotPermitted ? error.cause.message : error.message;
}
