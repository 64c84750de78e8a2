import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';

export type Data = Readonly<Record<string, unknown>>;

export interface StoredEvent {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly time: string;
  readonly shkeptncontext: string;
  readonly triggeredid?: string;
  readonly data: Data;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const NOT_FOUND: Answer = { status: 404, body: { code: 404, message: 'not there', reason: 'EVENT_NOT_FOUND' } };

/**
 * What lighthouse-service asks of mongodb-datastore and configuration-service, in memory. The real ones take part in the tests of the
 * whole system.
 */
export class ControlPlaneStandIn {
  readonly events: StoredEvent[] = [];
  /** Contents of the files of every project, stage and service, by their paths. */
  readonly files = new Map<string, string>();
  private readonly watchers = new Set<() => void>();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<ControlPlaneStandIn> {
    const server = createServer();
    const standIn = new ControlPlaneStandIn(server);
    server.on('request', (request, response) => {
      void standIn.answer(request).then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return standIn;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Stores an event; what it does not say is that of a service in a stage. */
  append({ data = {}, ...given }: Partial<StoredEvent> & Pick<StoredEvent, 'type'>): StoredEvent {
    const event = {
      ...{ id: randomUUID(), source: 'lighthouse-service', time: new Date().toISOString(), shkeptncontext: 'one' },
      ...given,
      data: { project: 'sockshop', stage: 'staging', service: 'carts', ...data },
    };
    this.events.push(event);
    for (const watcher of this.watchers) watcher();
    this.watchers.clear();
    return event;
  }

  /** The first event of the type, as soon as it is stored. */
  async stored(type: string): Promise<StoredEvent> {
    for (;;) {
      const found = this.events.find((event) => event.type === type);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => {
        this.watchers.add(resolve);
      });
    }
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async answer(request: IncomingMessage): Promise<Answer> {
    const text = (await request.setEncoding('utf8').toArray()).join('');
    const { pathname, searchParams } = new URL(request.url ?? '/', this.url);
    const [, id] = pathname.slice(1).split('/').map(decodeURIComponent);
    if (pathname.startsWith('/v1/')) return this.file(pathname);
    if (request.method === 'POST') return this.store(JSON.parse(text) as StoredEvent);
    if (id === undefined) return { status: 200, body: { events: this.ofType(searchParams.get('type')) } };
    const event = this.events.find((other) => other.id === id);
    return event === undefined ? NOT_FOUND : { status: 200, body: wire(event) };
  }

  private file(path: string): Answer {
    const content = this.files.get(decodeURIComponent(path.split('/resource/')[1] ?? ''));
    if (content === undefined) return NOT_FOUND;
    return { status: 200, body: { resourceContent: Buffer.from(content).toString('base64') } };
  }

  private ofType(type: string | null): readonly Data[] {
    return this.events.filter((event) => event.type === type).map(wire);
  }

  private store(event: StoredEvent): Answer {
    if (!this.events.some(({ id }) => id === event.id)) this.append(event);
    return { status: 201, body: { id: event.id } };
  }
}

const wire = (event: StoredEvent): Data => ({ specversion: '0.2', contenttype: 'application/json', ...event });
