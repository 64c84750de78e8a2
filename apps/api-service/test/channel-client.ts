import { once } from 'node:events';
import { WebSocket } from 'ws';

/** A client of the websocket that behaves as the CLI of 0.7.3 does, or as a service of 0.7.3 when it names no channel. */
export class ChannelClient {
  private readonly frames: string[] = [];
  private wake: () => void = () => undefined;
  private readonly closeCode: Promise<number>;

  private constructor(readonly socket: WebSocket) {
    this.closeCode = new Promise((resolve) => socket.once('close', resolve));
    socket.on('message', (data: Buffer, isBinary) => {
      this.frames.push(isBinary ? 'binary' : data.toString());
      this.wake();
    });
  }

  /** @throws the status of the answer when it is not 101 */
  static async connect(url: string, headers: Readonly<Record<string, string>>): Promise<ChannelClient> {
    const client = new ChannelClient(new WebSocket(`${url}/websocket`, { headers }));
    await once(client.socket, 'open');
    return client;
  }

  send(frame: string): void {
    this.socket.send(frame);
  }

  async next(): Promise<string> {
    while (this.frames.length === 0) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    return this.frames.shift() ?? '';
  }

  /** The code with which the connection is closed, or was. */
  closed(): Promise<number> {
    return this.closeCode;
  }
}
