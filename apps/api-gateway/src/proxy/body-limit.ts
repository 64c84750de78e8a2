import { type IncomingMessage } from 'node:http';
import { BadRequest, isLineStream, PayloadTooLarge, ServiceError } from '@keptn/service-kit';
import { type GatewayResponse } from '../request/gateway-response';
import { answerError } from './answer';

const tooLarge = (maxBytes: number): PayloadTooLarge =>
  new PayloadTooLarge(`the request body is larger than the limit of ${maxBytes} bytes (MAX_BODY_BYTES)`);

/**
 * Looks at what the request says of its body. Streams of lines are counted line by line by the service that reads them.
 *
 * @throws PayloadTooLarge, BadRequest; ServiceError with LENGTH_REQUIRED
 */
export function checkAnnouncedBody(request: IncomingMessage, maxBytes: number): void {
  const { 'transfer-encoding': coding, 'content-length': length } = request.headers;
  if (length !== undefined && Number(length) > maxBytes && !isLineStream(request.headers)) {
    throw tooLarge(maxBytes);
  }
  if (coding === undefined) {
    return;
  }
  if (coding.toLowerCase() !== 'chunked') {
    throw new BadRequest('the transfer coding of the body must be "chunked" and nothing else');
  }
  // http-proxy sends these two on with a length of 0, and what follows would be read as another request.
  if (request.method === 'DELETE' || request.method === 'OPTIONS') {
    throw new ServiceError('LENGTH_REQUIRED', `a ${request.method} request with a body must give its Content-Length`);
  }
}

/** Counts a body of unknown length while it passes, and breaks off when it has become too large. */
export function limitStreamedBody(request: IncomingMessage, response: GatewayResponse, maxBytes: number): void {
  if (request.headers['transfer-encoding'] === undefined || isLineStream(request.headers)) {
    return;
  }
  let bytes = 0;
  const count = (chunk: Buffer): void => {
    bytes += chunk.length;
    if (bytes > maxBytes) {
      request.off('data', count);
      answerError(response, tooLarge(maxBytes));
      response.outgoing?.destroy();
    }
  };
  request.on('data', count);
}
