import { type IncomingHttpHeaders, type OutgoingHttpHeader, ServerResponse } from 'node:http';
import { type Admission } from './admission';

/** Of an answer: how it is framed, and how long a connection lasts, is agreed anew with the client. */
const OF_THE_SERVICES_HOP: ReadonlySet<string> = new Set([
  ...['connection', 'keep-alive', 'proxy-connection', 'trailer', 'transfer-encoding', 'upgrade'],
]);

const LENGTH = 'content-length';

const NEVER = (): boolean => false;

/** The answer to one request, and what the gateway has to remember of the two until it is sent. */
export class GatewayResponse extends ServerResponse {
  readonly startedAt = performance.now();
  requestId = '';
  traceparent = '';
  /** The path as the client sent it, without the query, which may hold secrets. */
  path = '';
  /** Address of the client, as a trusted proxy says when there is one. */
  client = '';
  /** As whom it goes on; undefined for what is public. */
  admission: Admission | undefined;
  /** Name of the service that it was sent on to. */
  upstream: string | undefined;
  /** With the service, once it is under way; given up when nobody waits for the answer any more. */
  exchange: { giveUp(): void } | undefined;
  isRetried = false;
  /** Pages of the gateway's own are logged by the framework. */
  isLogged = true;
  /** In every answer, unless whoever answers says otherwise; by their names in lower case. */
  commonHeaders: readonly (readonly [name: string, value: string])[] = [];
  /** The connection ends with an answer then. */
  isShuttingDown: () => boolean = NEVER;

  override writeHead(status: number, ...more: unknown[]): this {
    for (const [name, value] of this.commonHeaders) {
      if (!this.hasHeader(name)) this.setHeader(name, value);
    }
    if (this.isShuttingDown()) this.setHeader('connection', 'close');
    // In whichever of its forms.
    return super.writeHead(status, ...(more as []));
  }

  /** Begins with what a service answers. All headers at once: to set one after the other takes longer than to write them. */
  passOn(status: number, headers: IncomingHttpHeaders): void {
    const all: OutgoingHttpHeader[] = this.isShuttingDown() ? ['connection', 'close'] : [];
    for (const name of Object.keys(headers)) {
      const value = headers[name];
      if (value !== undefined && name !== LENGTH && !OF_THE_SERVICES_HOP.has(name)) all.push(name, value);
    }
    for (const [name, value] of this.commonHeaders) {
      if (headers[name] === undefined) all.push(name, value);
    }
    // Last: Node reads a Content-Disposition behind it as UTF-8, and then refuses what is beyond ASCII.
    const length = headers[LENGTH];
    if (length !== undefined) all.push(LENGTH, length);
    super.writeHead(status, all);
  }

  /** Ends with the whole body. In one write with the headers: `end` alone would make it two parts, and add an empty one. @param body latin1 */
  endWith(body: string): void {
    this.write(body, 'latin1');
    this.socket?.uncork();
    this.end();
  }
}
