import { type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { BadRequest, isLineStream, PayloadTooLarge } from '@keptn/service-kit';

const tooLarge = (maxBytes: number): PayloadTooLarge =>
  new PayloadTooLarge(`the request body is larger than the limit of ${maxBytes} bytes (MAX_BODY_BYTES)`);

/**
 * Looks at what the request says of its body. Streams of lines are counted line by line by the service that reads them.
 *
 * @throws PayloadTooLarge, BadRequest
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
}

/** RFC 9112 section 6.3. */
export const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';

/**
 * The body: whole where it came with the headers, as short ones do, otherwise as it comes; null where there is none. It fails when it
 * has no length of its own and becomes too large.
 *
 * @throws PayloadTooLarge while it is read
 */
export function bodyOf(request: IncomingMessage, maxBytes: number): Buffer | Readable | null {
  if (!hasBody(request)) {
    return null;
  }
  if (request.readableLength === Number(request.headers['content-length'])) {
    const whole = request.read() as Buffer;
    // Only a stream that flows comes to its end, by which it is known that the body has come in time.
    request.resume();
    return whole;
  }
  const isCounted = request.headers['transfer-encoding'] !== undefined && !isLineStream(request.headers);
  return Readable.from(partsOf(request, isCounted ? maxBytes : Infinity), { objectMode: false });
}

async function* partsOf(request: IncomingMessage, maxBytes: number): AsyncGenerator<Buffer> {
  let bytes = 0;
  try {
    // The client has to be able to read an answer that comes before the end of the body.
    for await (const part of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      bytes += part.length;
      if (bytes > maxBytes) {
        throw tooLarge(maxBytes);
      }
      yield part;
    }
  } finally {
    // What still comes is thrown away.
    request.resume();
  }
}
