import { once } from 'node:events';
import { type ServerResponse } from 'node:http';
import { type FastifyReply } from 'fastify';

/** What may wait for a slow reader, in bytes; then it is disconnected, so that it costs others nothing. */
const BACKLOG_LIMIT = 4 * 1024 * 1024;

/** How long a client waits before it connects again, in milliseconds. */
const RECONNECT_MS = 2_000;

/** One answer in the format of Server-Sent Events (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export class MessageStream {
  readonly closed: Promise<void>;
  private readonly response: ServerResponse;

  /**
   * Takes the answer over and sends its head.
   *
   * @param signOfLife a comment or a message, as the stream holds it
   */
  constructor(
    reply: FastifyReply,
    private readonly signOfLife: string,
  ) {
    const { 'x-request-id': requestId } = reply.getHeaders();
    reply.hijack();
    this.response = reply.raw;
    this.closed = new Promise((resolve) => {
      this.response.once('close', () => {
        resolve();
      });
    });
    this.response.on('error', () => {
      this.response.destroy();
    });
    this.response.writeHead(200, {
      ...(requestId !== undefined && { 'X-Request-Id': requestId }),
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      // Proxies such as nginx pass each message on at once instead of collecting them.
      'X-Accel-Buffering': 'no',
    });
    this.write(`retry: ${RECONNECT_MS}\n\n`);
  }

  get isEnded(): boolean {
    return this.response.writableEnded || this.response.destroyed;
  }

  /** @param data one line; written JSON has no line breaks */
  send(id: number, data: string): void {
    this.write(`id: ${id}\ndata: ${data}\n\n`);
  }

  beat(): void {
    // A message on its way is sign of life enough.
    if (!this.response.writableNeedDrain) this.write(this.signOfLife);
  }

  /** Resolves when the reader has taken what was sent, or is gone. */
  async writable(): Promise<void> {
    if (this.isEnded || !this.response.writableNeedDrain) return;
    await Promise.race([once(this.response, 'drain'), this.closed]);
  }

  /** Ends the connection as well: it would stay open for further requests, and a service that stops would wait for those. */
  end(): void {
    const { socket } = this.response;
    this.response.end(() => socket?.destroySoon());
  }

  private write(text: string): void {
    if (this.isEnded) return;
    // One message may be larger than the limit; it is the backlog before it that tells a slow reader.
    if (this.response.writableLength > BACKLOG_LIMIT) {
      this.response.destroy();
      return;
    }
    this.response.write(text);
  }
}
