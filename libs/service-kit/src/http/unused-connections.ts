import { Server as TlsServer } from 'node:https';
import { type Socket } from 'node:net';
import { type FastifyAdapter } from '@nestjs/platform-fastify';

/** How long a client that has just connected may take to ask, once the service stops, in milliseconds. */
const PATIENCE_MS = 1_000;

/**
 * Closes connections that nothing was ever sent on when the service stops. Browsers and HTTP libraries keep some ready; Node takes
 * each for one whose request is on its way, so that it would hold up the shutdown for its whole time.
 */
export function closeUnusedConnections(adapter: FastifyAdapter): void {
  const { server } = adapter.getInstance();
  const open = new Set<Socket>();
  server.on(server instanceof TlsServer ? 'secureConnection' : 'connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  adapter.getInstance().addHook('preClose', (done) => {
    setTimeout(() => {
      for (const socket of open) if (socket.bytesRead === 0) socket.destroy();
    }, PATIENCE_MS).unref();
    done();
  });
}
