import { type EventEmitter } from 'node:events';
import { type IncomingMessage } from 'node:http';
import { type Duplex } from 'node:stream';
import { BadRequest, MethodNotAllowed, ServiceError } from '../errors/service-error';
import { answerOnConnection } from './client-errors';

/** What the paths of the control plane have among them. */
const METHODS = ['DELETE', 'GET', 'POST', 'PUT'];

/** Answers CONNECT, which Node would leave without an answer. */
export function refuseTunnels(server: EventEmitter): void {
  server.on('connect', (_request: IncomingMessage, connection: Duplex) => {
    const { status, message, headers } = new MethodNotAllowed('CONNECT', METHODS);
    answerOnConnection(connection, status, message, headers);
  });
}

/**
 * Refuses what HTTP permits, or Node lets pass, and nobody here serves.
 *
 * @throws BadRequest for a request that does not name one host, as HTTP/1.1 wants it (RFC 9112 section 3.2)
 * @throws MethodNotAllowed for TRACE, which would show a client's headers to its scripts
 * @throws ServiceError with EXPECTATION_FAILED (RFC 9110 section 10.1.1)
 */
export function requireServable({ method, headers, rawHeaders, httpVersion }: IncomingMessage): void {
  if (method === 'TRACE') {
    throw new MethodNotAllowed(method, METHODS);
  }
  const hosts = countHosts(rawHeaders);
  if (hosts > 1 || (hosts === 0 && httpVersion !== '1.0')) {
    throw new BadRequest('the request must have exactly one Host header');
  }
  if (headers.expect !== undefined && headers.expect.toLowerCase() !== '100-continue') {
    throw new ServiceError(
      'EXPECTATION_FAILED',
      `the expectation "${headers.expect}" is not supported, only 100-continue is`,
    );
  }
}

const countHosts = (rawHeaders: readonly string[]): number => {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length === 4 && name.toLowerCase() === 'host') count += 1;
  }
  return count;
};
