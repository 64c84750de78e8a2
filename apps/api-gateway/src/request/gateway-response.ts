import { ServerResponse } from 'node:http';
import { type Admission } from './admission';

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
}
