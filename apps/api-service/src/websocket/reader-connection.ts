import { type WebSocket } from 'ws';
import { type ChannelReader } from './channels';

/** The original's interval; gateways and load balancers see a connection that is in use. */
const PING_INTERVAL_MS = 2_700;

/** A reader that has not answered a ping for this long is gone. */
const SILENCE_LIMIT_MS = 30_000;

/** A reader that has this many bytes still to take is too slow. A channel hands over at most 4 MiB at once (1 Mi characters). */
const BACKLOG_LIMIT_BYTES = 8 * 1024 * 1024;

/** A client that listens on a channel over a websocket. Whatever it says is ignored. */
export class ReaderConnection implements ChannelReader {
  private heardAt = performance.now();

  constructor(private readonly socket: WebSocket) {
    const pings = setInterval(() => {
      this.ping();
    }, PING_INTERVAL_MS);
    socket.on('pong', () => {
      this.heardAt = performance.now();
    });
    socket.once('close', () => {
      clearInterval(pings);
    });
  }

  deliver(frame: string): void {
    if (this.socket.bufferedAmount > BACKLOG_LIMIT_BYTES) {
      this.socket.terminate();
      return;
    }
    this.socket.send(frame);
  }

  private ping(): void {
    if (performance.now() - this.heardAt > SILENCE_LIMIT_MS) {
      this.socket.terminate();
    } else {
      this.socket.ping();
    }
  }
}
