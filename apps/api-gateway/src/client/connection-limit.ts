import { type Server, type Socket } from 'node:net';
import { type Logger } from 'pino';
import { type TrustedProxies } from './trusted-proxies';

export interface ConnectionLimitOptions {
  readonly total: number;
  /** For each address; those of trusted proxies, which carry many clients, are not limited. */
  readonly perClient: number;
  readonly trustedProxies: TrustedProxies;
  readonly logger: Logger;
}

/** An attack must not fill the log as well. */
const WARNING_PAUSE_MS = 10_000;

/** Closes connections over the limit as soon as they are opened, so that nobody can take all of them. */
export function limitConnections(server: Server, options: ConnectionLimitOptions): void {
  const openByAddress = new Map<string, number>();
  // A connection whose offer of another protocol is passed over is handed to the server once more.
  const counted = new WeakSet<Socket>();
  const warn = warner(options.logger);
  server.maxConnections = options.total;
  server.on('drop', () => {
    warn(`more than ${options.total} connections (MAX_CONNECTIONS)`);
  });
  server.on('connection', (socket: Socket) => {
    if (counted.has(socket)) return;
    counted.add(socket);
    const address = socket.remoteAddress ?? '';
    const open = (openByAddress.get(address) ?? 0) + 1;
    openByAddress.set(address, open);
    socket.once('close', () => {
      const left = (openByAddress.get(address) ?? 1) - 1;
      if (left === 0) {
        openByAddress.delete(address);
      } else {
        openByAddress.set(address, left);
      }
    });
    if (open > options.perClient && !options.trustedProxies.trusts(address)) {
      warn(`more than ${options.perClient} connections from ${address} (MAX_CONNECTIONS_PER_CLIENT)`);
      socket.destroy();
    }
  });
}

const warner = (logger: Logger) => {
  let silentUntil = 0;
  return (reason: string): void => {
    if (performance.now() >= silentUntil) {
      silentUntil = performance.now() + WARNING_PAUSE_MS;
      logger.warn({ reason }, 'connection refused');
    }
  };
};
