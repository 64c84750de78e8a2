import { type IncomingMessage } from 'node:http';
import { type Server } from 'node:net';
import { type Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';

/** Headers that only speak of the protocol that the client would change to. */
const OFFER = /^(?:connection|upgrade|http2-settings)$/i;

/**
 * Whether the client asks for a websocket, and nothing else. A body beside it would stay unread on the connection to the
 * service and be taken for the next request.
 */
export function asksForWebSocket(request: IncomingMessage): boolean {
  const { upgrade, 'content-length': length = '0', 'transfer-encoding': coding } = request.headers;
  return request.method === 'GET' && upgrade?.toLowerCase() === 'websocket' && length === '0' && coding === undefined;
}

/**
 * Serves a request over HTTP/1.1 although it offers another protocol, as some clients do with `h2c` (RFC 9110 section 7.8).
 * Node has given up the connection by then, so it is handed to the server again with the request as it came, less the offer.
 *
 * @param head what followed the request's headers
 */
export function serveWithoutUpgrade(server: Server, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const { method = 'GET', url = '/', httpVersion, rawHeaders } = request;
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (!OFFER.test(name)) {
      lines.push(`${name}: ${rawHeaders[index + 1] ?? ''}`);
    }
  }
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  server.emit(socket instanceof TLSSocket ? 'secureConnection' : 'connection', socket);
}
