import { readFileSync } from 'node:fs';
import { type IncomingHttpHeaders } from 'node:http';
import { type Readable } from 'node:stream';
import { GatewayTimeout, pausingWhereItMay, ServiceUnavailable, SETTINGS } from '@keptn/service-kit';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { buildConnector, type Dispatcher, Pool } from 'undici';
import { PAGE_HEADER } from '../session/same-origin';
import { type BridgeSettings } from '../settings';

/** Longer than the gateway waits for a service. */
const HEADERS_TIMEOUT_MS = 120_000;

/** An event stream of each open page, and what pages ask for meanwhile. */
const CONNECTIONS = 4_096;

/** Of this connection only (RFC 9110 section 7.6.1), or for the Bridge and nobody behind it. */
const NOT_FORWARDED: ReadonlySet<string> = new Set([
  ...['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'te', 'trailer', 'transfer-encoding'],
  ...['upgrade', 'expect', 'host', 'cookie', 'authorization', 'x-token', 'origin', 'referer', PAGE_HEADER],
]);

/** The gateway sets those of the first row for its own client again; the others belong to the Bridge's answer. */
const NOT_RETURNED: ReadonlySet<string> = new Set([
  ...['content-security-policy', 'referrer-policy', 'strict-transport-security', 'x-content-type-options'],
  ...[
    'connection',
    'keep-alive',
    'proxy-connection',
    'transfer-encoding',
    'set-cookie',
    'www-authenticate',
    'x-request-id',
  ],
]);

interface Destination {
  /** Below the gateway, encoded, with its query. */
  readonly path: string;
  readonly token: string | undefined;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** Sends requests on to the public API, byte for byte. */
@Injectable()
export class ApiForwarder implements OnApplicationShutdown {
  private readonly pool: Pool;
  private readonly dispatcher: Dispatcher;
  private readonly basePath: string;

  constructor(@Inject(SETTINGS) { API_GATEWAY_URL, PREFIX_PATH, TLS_CERT_FILE }: BridgeSettings) {
    const { origin, pathname } = new URL(API_GATEWAY_URL);
    this.basePath = `${pathname.replace(/\/+$/, '')}${PREFIX_PATH}`;
    this.pool = new Pool(origin, {
      connections: CONNECTIONS,
      headersTimeout: HEADERS_TIMEOUT_MS,
      // An event stream may be silent for long; who reads it decides when to give up.
      bodyTimeout: 0,
      ...(TLS_CERT_FILE !== undefined && { connect: trusting(TLS_CERT_FILE) }),
    });
    this.dispatcher = this.pool.compose(pausingWhereItMay);
  }

  /**
   * @param path below the gateway, encoded, with its query
   * @param token undefined for what is public
   * @throws ServiceUnavailable, GatewayTimeout
   */
  async forward(request: FastifyRequest, reply: FastifyReply, path: string, token?: string): Promise<FastifyReply> {
    const gone = new AbortController();
    const leave = (): void => {
      gone.abort();
    };
    reply.raw.once('close', leave);
    const { statusCode, headers, body } = await this.send(request, { path, token, signal: gone.signal }).finally(() => {
      // From here on the answer's body ends with its reader.
      reply.raw.off('close', leave);
    });
    return reply.code(statusCode).headers(withoutNames(headers, NOT_RETURNED)).send(body);
  }

  onApplicationShutdown(): Promise<void> {
    return this.pool.destroy();
  }

  private async send(
    { method, headers, body = null, id }: FastifyRequest,
    { path, token, signal }: Destination,
  ): Promise<Dispatcher.ResponseData> {
    try {
      return await this.dispatcher.request({
        method: method,
        path: this.basePath + path,
        headers: {
          ...withoutNames(headers, NOT_FORWARDED),
          'x-request-id': id,
          ...(token !== undefined && { 'x-token': token }),
        },
        // Not read yet: the routes below `/api` parse nothing.
        body: body as Readable | null,
        signal,
      });
    } catch (error) {
      const isLate = error instanceof Error && 'code' in error && error.code === 'UND_ERR_HEADERS_TIMEOUT';
      throw isLate
        ? new GatewayTimeout('api-gateway did not answer in time; try again', { cause: error })
        : new ServiceUnavailable('api-gateway cannot be reached; try again in a moment', { cause: error });
    }
  }
}

/** The certificate is read for each connection, since it may have been renewed; it may be for the public name only. */
const trusting =
  (certificateFile: string): buildConnector.connector =>
  (options, callback) => {
    const ca = readFileSync(certificateFile);
    buildConnector({ ca, checkServerIdentity: () => undefined })(options, callback);
  };

const withoutNames = (headers: IncomingHttpHeaders, names: ReadonlySet<string>): Record<string, string | string[]> =>
  Object.fromEntries(
    Object.entries(headers).filter(
      (entry): entry is [string, string | string[]] => entry[1] !== undefined && !names.has(entry[0]),
    ),
  );
