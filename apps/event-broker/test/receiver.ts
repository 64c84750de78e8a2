import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';

export interface Delivered {
  readonly headers: IncomingHttpHeaders;
  readonly path: string | undefined;
  readonly event: Readonly<Record<string, unknown>>;
}

/** A receiver of events that a test can tell how to answer. */
export class Receiver {
  readonly delivered: Delivered[] = [];
  /** The status for each delivery; called before the delivery is noted. */
  answer: (delivered: Delivered) => number | Promise<number> = () => 200;
  /** The status for each batch, whose events are noted if it is below 300; 415 is that of a receiver that knows none. */
  answerBatch: (events: readonly Delivered[]) => number = () => 415;
  private readonly waiting = new Set<() => void>();

  private constructor(private readonly server: Server) {}

  static async start(port = 0): Promise<Receiver> {
    const server = createServer();
    const receiver = new Receiver(server);
    server.on('request', (request, response) => {
      void (async () => {
        const text = (await request.setEncoding('utf8').toArray()).join('');
        const body = JSON.parse(text) as Record<string, unknown> | Record<string, unknown>[];
        const { status, noted } = await receiver.take(body, { headers: request.headers, path: request.url });
        response.statusCode = status;
        response.end();
        receiver.delivered.push(...noted);
        for (const wake of receiver.waiting) wake();
      })();
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return receiver;
  }

  private async take(
    body: Record<string, unknown> | Record<string, unknown>[],
    request: Omit<Delivered, 'event'>,
  ): Promise<{ readonly status: number; readonly noted: readonly Delivered[] }> {
    if (!Array.isArray(body)) {
      const delivered = { ...request, event: body };
      return { status: await this.answer(delivered), noted: [delivered] };
    }
    const events = body.map((event) => ({ ...request, event }));
    const status = this.answerBatch(events);
    return { status, noted: status < 300 ? events : [] };
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/v1/event`;
  }

  get ids(): unknown[] {
    return this.delivered.map(({ event }) => event['id']);
  }

  /** Resolves when the condition holds; looks after each delivery. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          this.waiting.delete(wake);
          resolve();
        };
        this.waiting.add(wake);
      });
    }
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
