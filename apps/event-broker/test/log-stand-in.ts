import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';

/** Events of a context in one answer: so few that there are further ones. */
const CONTEXT_PAGE = 2;

/** The part of mongodb-datastore that event-broker calls, in memory. The real one takes part in the tests of the whole system. */
export class LogStandIn {
  /** Texts of the events; the number of the first is 1. */
  readonly events: string[] = [];
  /** What readers have announced. */
  announced: number | undefined;
  /** While false every request is answered with 503. */
  isThere = true;
  /** While false streams are answered with 503. */
  isStreaming = true;
  /** What the page behind a number waits for once its events are read. */
  holdPage: (after: number) => Promise<void> = () => Promise.resolve();
  private readonly streams = new Set<ServerResponse>();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<LogStandIn> {
    const server = createServer();
    const log = new LogStandIn(server);
    server.on('request', (request, response) => void log.answer(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return log;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** @returns the number of the event */
  append(event: unknown): number {
    const sequence = this.events.push(JSON.stringify(event));
    for (const stream of this.streams) stream.write(messageOf(sequence, this.events[sequence - 1] ?? ''));
    return sequence;
  }

  /** Cuts the streams off, as a restart does. */
  cutStreams(): void {
    for (const stream of this.streams) stream.destroy();
    this.streams.clear();
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = (await request.setEncoding('utf8').toArray()).join('');
    const { pathname, searchParams } = new URL(request.url ?? '/', this.url);
    if (!this.isThere) {
      send(response, 503, { code: 503, message: 'away' });
    } else if (pathname === '/event/stream' && !this.isStreaming) {
      send(response, 503, { code: 503, message: 'no stream' });
    } else if (pathname === '/event/stream') {
      this.stream(Number(request.headers['last-event-id']), response);
    } else if (pathname === '/reader/position') {
      send(response, 200, { position: searchParams.has('time') ? 0 : this.events.length });
    } else if (pathname.startsWith('/reader/context/')) {
      const keptnContext = decodeURIComponent(pathname.slice('/reader/context/'.length));
      this.context(keptnContext, Number(searchParams.get('after')), response);
    } else if (pathname === '/reader/event') {
      await this.page(Number(searchParams.get('after')), Number(searchParams.get('limit')), response);
    } else if (pathname.startsWith('/reader/')) {
      this.announced = (JSON.parse(text) as { position: number }).position;
      send(response, 200);
    } else {
      this.store(JSON.parse(text), response);
    }
  }

  private stream(after: number, response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('retry: 2000\n\n: keep-alive\n\n');
    this.events.slice(after).forEach((text, index) => response.write(messageOf(after + index + 1, text)));
    this.streams.add(response);
    response.once('close', () => this.streams.delete(response));
  }

  private async page(after: number, limit: number, response: ServerResponse): Promise<void> {
    const events = this.events.slice(after, after + limit).map((text, index) => ({
      sequence: after + index + 1,
      event: JSON.parse(text) as unknown,
    }));
    const position = after + events.length;
    await this.holdPage(after);
    send(response, 200, { position, hasMore: position < this.events.length, events });
  }

  private context(keptnContext: string, after: number, response: ServerResponse): void {
    const events = this.events
      .map((text, index) => ({
        sequence: index + 1,
        storedAt: new Date().toISOString(),
        event: JSON.parse(text) as Record<string, unknown>,
      }))
      .filter(({ sequence, event }) => sequence > after && event['shkeptncontext'] === keptnContext);
    send(response, 200, { events: events.slice(0, CONTEXT_PAGE), hasMore: events.length > CONTEXT_PAGE });
  }

  private store(body: unknown, response: ServerResponse): void {
    const results = [body].flat().map((event) => this.storeOnce(event));
    if (Array.isArray(body)) send(response, 207, results);
    else send(response, results[0]?.status ?? 201, results[0]);
  }

  /** As the real one: by id and source, and never one event for another. */
  private storeOnce(event: unknown): { readonly status: number; readonly sequence?: number } {
    const { id, source } = event as Partial<Record<'id' | 'source', string>>;
    const index = this.events.findIndex((text) => {
      const stored = JSON.parse(text) as Partial<Record<'id' | 'source', string>>;
      return stored.id === id && stored.source === source;
    });
    if (index === -1) return { status: 201, sequence: this.append(event) };
    return this.events[index] === JSON.stringify(event) ? { status: 201, sequence: index + 1 } : { status: 409 };
  }
}

const messageOf = (sequence: number, text: string): string => `id: ${sequence}\ndata: ${text}\n\n`;

function send(response: ServerResponse, status: number, body?: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
