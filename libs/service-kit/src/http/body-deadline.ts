import { type IncomingMessage, type ServerResponse } from 'node:http';
import { answerOnConnection } from './client-errors';
import { isLineStream } from './line-stream';
import { isLingering, lingeringClose } from './lingering-close';

/** A client that has not sent its whole body after this time is cut off, in milliseconds. The original's read timeout. */
export const BODY_DEADLINE_MS = 30_000;

/**
 * Cuts off bodies that take too long. Node's own `requestTimeout` makes no exception for bodies that may be of any length. A body
 * that is refused before it has come is read on while the connection is closed, so that the client gets its answer.
 *
 * @param deadlineMs 0 for none
 */
export function limitBodyTime(request: IncomingMessage, response: ServerResponse, deadlineMs = BODY_DEADLINE_MS): void {
  const { headers, socket } = request;
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) return;
  closeAfterUnreadBody(request);
  if (isLineStream(headers)) {
    // Without a listener for it, Node destroys a connection on which nothing moves for so long.
    request.setTimeout(deadlineMs);
    return;
  }
  if (deadlineMs === 0) return;
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

/** Node closes a connection with this method once the last answer on it is written. */
const closeAfterUnreadBody = (request: IncomingMessage): void => {
  const { socket } = request;
  const close = Reflect.get(Object.getPrototypeOf(socket) as object, 'destroySoon') as () => void;
  socket.destroySoon = () => {
    if (request.complete || isLingering(socket)) {
      close.call(socket);
      return;
    }
    request.unpipe();
    request.resume();
    lingeringClose(socket);
  };
};
