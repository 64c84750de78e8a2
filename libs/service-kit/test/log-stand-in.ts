import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';

type Event = Readonly<Record<string, unknown>>;

/** The part of mongodb-datastore that a reaction writes to, with failures at will. */
export class LogStandIn {
  readonly stored: Event[] = [];
  /** Answered instead of storing an event; undefined stores it. */
  refusal: { readonly status: number; readonly reason: string } | undefined;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<LogStandIn> {
    const server = createServer();
    const log = new LogStandIn(server);
    server.on('request', (request, response) => {
      void request
        .setEncoding('utf8')
        .toArray()
        .then((parts) => {
          const { status, body } = log.take(JSON.parse(parts.join('')) as Event);
          response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
        });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return log;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private take(event: Event): { readonly status: number; readonly body: object } {
    if (this.refusal !== undefined) {
      const { status, reason } = this.refusal;
      return { status, body: { code: status, message: 'refused by the test', reason } };
    }
    if (!this.stored.some(({ id }) => id === event['id'])) this.stored.push(event);
    return { status: 201, body: { id: event['id'] } };
  }
}
