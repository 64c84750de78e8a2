import type { Agent, ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import { readFileSync } from 'node:fs';
import { Failure, reasonOf } from '../failures/failure';
import { isOnThisMachine } from './this-machine';

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
  /** Address of the proxy that requests go through, without its credentials. */
  readonly proxy: string | undefined;
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
  const proxy = mayUseProxy ? await proxyFor(endpoint) : undefined;
  const agent =
    proxy === undefined
      ? new Agent({ keepAlive: true, ...trust })
      : await proxyAgent(proxy, isSecure, { ...trust, proxyRequestOptions: { signal } });
  return {
    request: (url, options, onAnswer) => request(url, { ...options, agent }, onAnswer),
    proxy: proxy === undefined ? undefined : withoutCredentials(proxy),
    close: () => {
      agent.destroy();
    },
  };
}

/**
 * This machine is reached without one, NO_PROXY or not, as by the command of Keptn 0.7: a proxy would take itself for it.
 *
 * @returns undefined when the environment names none for the endpoint
 */
async function proxyFor(endpoint: string): Promise<string | undefined> {
  if (isOnThisMachine(endpoint)) {
    return undefined;
  }
  const { getProxyForUrl } = await import('proxy-from-env');
  return getProxyForUrl(endpoint) || undefined;
}

function withoutCredentials(proxy: string): string {
  const { protocol, host } = new URL(proxy);
  return `${protocol}//${host}`;
}

async function proxyAgent(proxy: string, isSecure: boolean, settings: object): Promise<Agent> {
  const { HttpProxyAgent, HttpsProxyAgent } = await import('hpagent');
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
