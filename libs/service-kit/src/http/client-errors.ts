import { STATUS_CODES } from 'node:http';
import { Socket } from 'node:net';
import { type Duplex } from 'node:stream';
import { toErrorBody } from '../errors/error-body';
import { isLingering, lingeringClose } from './lingering-close';

/** Node keeps the answer that a connection is busy with here; its own handler of client errors looks at it as well. */
interface BusyConnection {
  readonly _httpMessage?: { readonly headersSent: boolean } | null;
}

/** What Node's HTTP parser and its time-outs report, by their code. */
const DESCRIPTIONS: Readonly<Record<string, readonly [status: number, message: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'the headers of the request are too large'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'the chunk extensions of the request are too large'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'the request did not arrive in time'],
};

/**
 * Answers what is not a request, or does not become one in time, as JSON like every other failure, and ends the connection:
 * nobody can tell where the next request on it would begin.
 *
 * @param error as the server's `clientError` event gives it
 */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (isLingering(socket)) return;
  const answerInProgress = (socket as BusyConnection)._httpMessage?.headersSent === true;
  if (error.code === 'ECONNRESET' || !socket.writable || answerInProgress) {
    socket.destroy();
    return;
  }
  const [status, message] = DESCRIPTIONS[error.code ?? ''] ?? [
    400,
    `the request is not valid HTTP/1.1: ${faultOf(error)}`,
  ];
  answerOnConnection(socket, status, message);
}

/** In the words of Node's parser, e.g. "Invalid header token". */
const faultOf = ({ message }: Error): string => message.replace(/^Parse Error: /, '');

/** Answers `{code, message}` on a bare connection, for which there is no response object, and ends it. */
export function answerOnConnection(
  connection: Duplex,
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  const body = JSON.stringify(toErrorBody(status, message));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Error'}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  connection.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  if (connection instanceof Socket) lingeringClose(connection);
  else connection.end();
}
