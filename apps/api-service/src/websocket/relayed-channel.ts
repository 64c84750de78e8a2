import { type Logger } from 'pino';
import { WebSocket } from 'ws';
import { type ChannelReader } from './channels';

/** Pause between two looks for replicas that are new or came back, in milliseconds. */
const SEARCH_INTERVAL_MS = 2_000;

/** A replica that is there answers a handshake at once; in milliseconds. */
const HANDSHAKE_TIMEOUT_MS = 2_000;

export interface RelayedChannelOptions {
  /** Base URLs of the replicas that exist now. */
  readonly findReplicas: () => Promise<readonly string[]>;
  /** With which a replica is asked for the channel. */
  readonly headers: () => Readonly<Record<string, string>>;
  readonly reader: ChannelReader;
  readonly logger: Logger;
}

/** One channel, read on all replicas at once for one reader. */
export class RelayedChannel {
  private readonly connections = new Map<string, WebSocket>();
  private readonly refusing = new Set<string>();
  private readonly searches: NodeJS.Timeout;
  private isClosed = false;

  constructor(private readonly options: RelayedChannelOptions) {
    void this.search();
    this.searches = setInterval(() => void this.search(), SEARCH_INTERVAL_MS);
  }

  close(): void {
    this.isClosed = true;
    clearInterval(this.searches);
    this.connections.forEach((connection) => {
      connection.terminate();
    });
  }

  private async search(): Promise<void> {
    for (const url of await this.options.findReplicas()) {
      if (!this.isClosed && !this.connections.has(url) && !this.refusing.has(url)) {
        this.connections.set(url, this.connect(url));
      }
    }
  }

  private connect(url: string): WebSocket {
    const { headers, reader, logger } = this.options;
    const connection = new WebSocket(`${url}/websocket`, {
      headers: headers(),
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
      perMessageDeflate: false,
    });
    connection.on('message', (data: Buffer) => {
      reader.deliver(data.toString('utf8'));
    });
    connection.on('unexpected-response', (request, { statusCode = 0 }) => {
      // 4xx: this replica itself, or one with another token. Any other refusal passes.
      if (statusCode < 500) {
        this.refusing.add(url);
      }
      request.destroy();
    });
    connection.on('error', (error) => {
      logger.debug({ url, err: error }, 'replica not read');
    });
    connection.once('close', () => {
      this.connections.delete(url);
    });
    return connection;
  }
}
