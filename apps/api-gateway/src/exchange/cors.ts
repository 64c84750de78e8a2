import { type Exchange } from './exchange';

const METHODS = 'GET, POST, PUT, DELETE';

/** Headers of an answer that a page may read besides those that it always may. */
const READABLE = 'X-Request-Id, Retry-After, Location, ETag';

/** How long a browser may remember the permission, in seconds; the longest that browsers grant. */
const MAX_AGE_SECONDS = 7_200;

const HEADER_NAMES = /^[\w\s,-]{1,1000}$/;

/** Cross-origin requests from browsers (https://fetch.spec.whatwg.org/#http-cors-protocol). Off as long as no origin is allowed. */
export class Cors {
  private readonly origins: ReadonlySet<string>;

  constructor(origins: readonly string[]) {
    this.origins = new Set(origins);
  }

  /**
   * Tells the browser what a page of an allowed origin may do.
   *
   * @returns whether the request was a preflight, which is answered by this
   */
  handle(exchange: Exchange): boolean {
    const { incoming } = exchange;
    if (this.origins.size === 0) {
      return false;
    }
    exchange.setHeader('Vary', 'Origin');
    const { origin } = incoming.headers;
    if (origin === undefined || !(this.origins.has('*') || this.origins.has(origin))) {
      return false;
    }
    exchange.setHeader('Access-Control-Allow-Origin', this.origins.has('*') ? '*' : origin);
    if (incoming.method !== 'OPTIONS' || incoming.headers['access-control-request-method'] === undefined) {
      exchange.setHeader('Access-Control-Expose-Headers', READABLE);
      return false;
    }
    const asked = incoming.headers['access-control-request-headers'];
    exchange.setHeader('Access-Control-Allow-Methods', METHODS);
    if (typeof asked === 'string' && HEADER_NAMES.test(asked)) {
      exchange.setHeader('Access-Control-Allow-Headers', asked);
    }
    exchange.setHeader('Access-Control-Max-Age', MAX_AGE_SECONDS);
    exchange.writeHead(204).end();
    return true;
  }
}
