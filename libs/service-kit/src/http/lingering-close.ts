import { type Socket } from 'node:net';

const CHECK_EVERY_MS = 1_000;

/** A client that sends nothing for so long has had its answer. As nginx' `lingering_timeout`, in checks. */
const IDLE_CHECKS = 5;

/** How long a client may go on sending. As nginx' `lingering_time`, in checks. */
const TOTAL_CHECKS = 30;

/** How much a client may go on sending. */
const MAX_BYTES = 128 * 1024 * 1024;

const lingering = new WeakSet<Socket>();

/** Whether what still arrives on the connection is thrown away. */
export const isLingering = (socket: Socket): boolean => lingering.has(socket);

/**
 * Ends our side of a connection and throws away what the client still sends, within limits. Closing at once would answer unread
 * bytes with a reset, which destroys the answer before the client has read it (RFC 9112 section 9.6).
 */
export function lingeringClose(socket: Socket): void {
  lingering.add(socket);
  const maxRead = socket.bytesRead + MAX_BYTES;
  let read = socket.bytesRead;
  let checks = 0;
  let idleChecks = 0;
  const check = setInterval(() => {
    checks += 1;
    idleChecks = socket.bytesRead === read ? idleChecks + 1 : 0;
    read = socket.bytesRead;
    if (idleChecks >= IDLE_CHECKS || checks >= TOTAL_CHECKS || read > maxRead) socket.destroy();
  }, CHECK_EVERY_MS);
  socket.once('close', () => {
    clearInterval(check);
  });
  socket.once('end', () => socket.destroy());
  socket.on('error', () => socket.destroy());
  socket.end();
  socket.resume();
}
