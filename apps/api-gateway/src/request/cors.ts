import { type IncomingMessage } from 'node:http';
import cors from 'cors';
import { type GatewayResponse } from './gateway-response';

/** How long a browser may remember the permission, in seconds; the longest that browsers grant. */
const MAX_AGE_SECONDS = 7_200;

/** Cross-origin requests from browsers (https://fetch.spec.whatwg.org/#http-cors-protocol). Off as long as no origin is allowed. */
export class Cors {
  private readonly describe: ReturnType<typeof cors<IncomingMessage>> | undefined;

  constructor(origins: readonly string[]) {
    if (origins.length === 0) return;
    this.describe = cors({
      origin: origins.includes('*') ? '*' : [...origins],
      methods: ['GET', 'POST', 'PUT', 'DELETE'],
      // What a page may read besides the headers that it always may.
      exposedHeaders: ['X-Request-Id', 'Retry-After', 'Location', 'ETag', 'RateLimit', 'RateLimit-Policy'],
      maxAge: MAX_AGE_SECONDS,
      // The library takes every OPTIONS request for a preflight, and answers foreign origins as well.
      preflightContinue: true,
    });
  }

  /**
   * Tells the browser what a page of an allowed origin may do.
   *
   * @returns whether the request was a preflight, which is answered by this
   */
  handle(response: GatewayResponse): boolean {
    if (this.describe === undefined) return false;
    const { method, headers } = response.req;
    this.describe(response.req, response, () => undefined);
    const isPreflight = method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
    if (!isPreflight || headers.origin === undefined || !response.hasHeader('Access-Control-Allow-Origin')) {
      return false;
    }
    response.writeHead(204).end();
    return true;
  }
}
