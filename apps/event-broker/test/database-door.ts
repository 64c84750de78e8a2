import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type NetConnectOpts, type Server, type Socket } from 'node:net';

/** A way to a database of the tests that can be blocked: connections stay open, and nothing comes through. */
export class DatabaseDoor {
  private readonly sockets = new Set<Socket>();
  private isBlocked = false;

  private constructor(
    private readonly server: Server,
    private readonly database: string,
  ) {}

  /** @param uri connection string of the database */
  static async open(uri: string): Promise<DatabaseDoor> {
    const [, host = '', database = ''] = /^mongodb:\/\/([^/]+)\/(.+)$/.exec(uri) ?? [];
    const server = createServer();
    const door = new DatabaseDoor(server, database);
    server.on('connection', (socket) => {
      door.pass(socket, connect(addressOf(decodeURIComponent(host))));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return door;
  }

  /** Connection string of the database by this way. */
  get uri(): string {
    const { port } = this.server.address() as AddressInfo;
    return `mongodb://127.0.0.1:${port}/${this.database}?directConnection=true`;
  }

  block(): void {
    this.isBlocked = true;
    for (const socket of this.sockets) socket.pause();
  }

  unblock(): void {
    this.isBlocked = false;
    for (const socket of this.sockets) socket.resume();
  }

  async close(): Promise<void> {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await once(this.server, 'close');
  }

  private pass(client: Socket, database: Socket): void {
    for (const [from, to] of [
      [client, database],
      [database, client],
    ] as const) {
      this.sockets.add(from);
      from.on('data', (bytes) => to.write(bytes));
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.sockets.delete(from);
        to.destroy();
      });
      if (this.isBlocked) from.pause();
    }
  }
}

/** Of a socket, or of host and port. */
function addressOf(host: string): NetConnectOpts {
  if (host.startsWith('/')) return { path: host };
  const { hostname, port } = new URL(`http://${host}`);
  return { host: hostname, port: Number(port) };
}
