import { type IncomingMessage, type ServerResponse } from 'node:http';
import { answerOnConnection } from './client-errors';
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
    if (response.headersSent) socket.destroySoon();
    else answerOnConnection(socket, 408, `the body of the request did not arrive within ${deadlineMs} ms`);
  }, deadlineMs);
  const finish = (): void => {
    clearTimeout(deadline);
  };
  request.once('end', finish);
  request.once('close', finish);
}
