import { text } from 'node:stream/consumers';
import { openConnection } from '../api/connection';
import { isOnThisMachine } from '../api/this-machine';
import { connectionFailure } from '../failures/connection-failure';
import { Failure } from '../failures/failure';

/** How long a provider may be silent, in milliseconds. */
const TIMEOUT_MS = 30_000;

export interface ProviderRequest {
  readonly url: string;
  /** Sent as a form; without it the request only reads. */
  readonly form?: Readonly<Record<string, string>>;
}

export interface ProviderAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface ProviderConnection {
  readonly mayUseProxy: boolean;
  readonly signal: AbortSignal;
}

/**
 * Asks an identity provider. Its certificate is checked by what Node trusts, NODE_EXTRA_CA_CERTS included: what is known about the control
 * plane's says nothing of it.
 *
 * @throws Failure when it cannot be reached, or its address is not safe
 */
export async function askProvider(
  { url, form }: ProviderRequest,
  { mayUseProxy, signal }: ProviderConnection,
): Promise<ProviderAnswer> {
  assertSafe(url);
  const connection = await openConnection({ endpoint: url, caFile: undefined, insecure: false, mayUseProxy, signal });
  const body = form === undefined ? undefined : new URLSearchParams(form).toString();
  try {
    return await new Promise<ProviderAnswer>((resolve, reject) => {
      const headers = {
        accept: 'application/json',
        ...(body !== undefined && {
          'content-type': 'application/x-www-form-urlencoded',
          'content-length': Buffer.byteLength(body),
        }),
      };
      const method = body === undefined ? 'GET' : 'POST';
      const request = connection.request(url, { method, headers, signal, timeout: TIMEOUT_MS }, (answer) => {
        text(answer).then((content) => {
          resolve({ status: answer.statusCode ?? 0, body: parsed(content) });
        }, reject);
      });
      request.once('timeout', () => request.destroy(new Error('no answer')));
      request.once('error', reject);
      request.end(body);
    });
  } catch (error) {
    if (signal.aborted) throw new Failure('interrupted', 'interrupted before anything was changed', { cause: error });
    throw connectionFailure(new URL(url).origin, error, connection.proxy);
  } finally {
    connection.close();
  }
}

/** Tokens go to this address. Only on this machine is there nobody in between (RFC 8252 section 8.3). */
function assertSafe(url: string): void {
  const { protocol } = new URL(url);
  if (protocol !== 'https:' && !(protocol === 'http:' && isOnThisMachine(url))) {
    throw new Failure('failed', `the identity provider is at ${url}, which is not https`);
  }
}

function parsed(content: string): ProviderAnswer['body'] {
  try {
    const body: unknown = JSON.parse(content);
    return typeof body === 'object' && body !== null ? { ...body } : {};
  } catch {
    return {};
  }
}
