import type { Agent, ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import { readFileSync } from 'node:fs';
import { Failure, reasonOf } from '../failures/failure';

export interface ConnectionOptions {
  readonly endpoint: string;
  /** PEM file of the only certificates that are trusted. */
  readonly caFile: string | undefined;
  /** Whether the certificate of the server is not verified. */
  readonly insecure: boolean;
  /** Whether the environment names a proxy, which may not be for this endpoint. */
  readonly mayUseProxy: boolean;
  /** Ends what a proxy is asked for before there is a connection; requests have a signal of their own. */
  readonly signal: AbortSignal;
}

type Requester = (url: string, options: RequestOptions, onAnswer: (answer: IncomingMessage) => void) => ClientRequest;

export interface Connection {
  readonly request: Requester;
  /** Ends what is kept open for further requests. */
  close(): void;
}

/**
 * Node's own HTTP client rather than `fetch`, which takes several times as long to load.
 *
 * @throws Failure when the file with certificates cannot be read
 */
export async function openConnection(options: ConnectionOptions): Promise<Connection> {
  const { endpoint, caFile, insecure, mayUseProxy, signal } = options;
  const isSecure = endpoint.startsWith('https:');
  const { Agent, request } = isSecure ? await import('node:https') : await import('node:http');
  const trust = isSecure ? { rejectUnauthorized: !insecure, ...(caFile !== undefined && { ca: readCa(caFile) }) } : {};
  const proxy = mayUseProxy
    ? await proxyAgent(endpoint, isSecure, { ...trust, proxyRequestOptions: { signal } })
    : undefined;
  const agent = proxy ?? new Agent({ keepAlive: true, ...trust });
  return {
    request: (url, options, onAnswer) => request(url, { ...options, agent }, onAnswer),
    close: () => {
      agent.destroy();
    },
  };
}

/** @returns undefined when the environment excludes the endpoint from its proxy */
async function proxyAgent(endpoint: string, isSecure: boolean, settings: object): Promise<Agent | undefined> {
  const [{ getProxyForUrl }, { HttpProxyAgent, HttpsProxyAgent }] = await Promise.all([
    import('proxy-from-env'),
    import('hpagent'),
  ]);
  const proxy = getProxyForUrl(endpoint);
  if (proxy === '') {
    return undefined;
  }
  const options = { keepAlive: true, proxy, ...settings };
  return isSecure ? new HttpsProxyAgent(options) : new HttpProxyAgent(options);
}

function readCa(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Failure('failed', `the certificates in ${file} cannot be read: ${reasonOf(error)}`, { cause: error });
  }
}
