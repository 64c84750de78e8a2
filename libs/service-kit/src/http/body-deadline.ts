import { type IncomingMessage, type ServerResponse } from 'node:http';
import { isLineStream } from './line-stream';

/** A client that has not sent its whole body after this time is cut off, in milliseconds. The original's read timeout. */
export const BODY_DEADLINE_MS = 30_000;

/** Node's own `requestTimeout` makes no exception for bodies that may be of any length. */
export function limitBodyTime(request: IncomingMessage, response: ServerResponse, deadlineMs = BODY_DEADLINE_MS): void {
  const { headers, socket } = request;
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) return;
  if (isLineStream(headers)) {
    // Without a listener for it, Node destroys a connection on which nothing moves for so long.
    request.setTimeout(deadlineMs);
    return;
  }
  const deadline = setTimeout(() => {
    if (!response.headersSent) socket.write('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n');
    socket.destroySoon();
  }, deadlineMs);
  const finish = (): void => {
    clearTimeout(deadline);
  };
  request.once('end', finish);
  request.once('close', finish);
}
