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
  readonly shkeptncontext?: string;
  readonly triggeredid?: string;
  readonly data: Data;
}

/** The Keptn context `none` is left out. */
export type NewEvent = Partial<StoredEvent> & Pick<StoredEvent, 'type'>;

interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

const OK: Answer = { status: 200, body: {} };
const NOT_FOUND: Answer = { status: 404, body: { code: 404, message: 'not there', reason: 'EVENT_NOT_FOUND' } };

/**
 * What services that react ask of mongodb-datastore and configuration-service, in memory. The real ones take part in the tests of the
 * whole system.
 */
export class ControlPlaneStandIn {
  /** Each request as method and path, without its query. */
  readonly requests: string[] = [];
  /** Contents of the files of every project, stage and service, by their paths. */
  readonly files = new Map<string, string>();
  /** What configuration-service says of projects, by their names; of others it says nothing. */
  readonly projects = new Map<string, Data>();
  /** Why the log does not take an event, as its reason; undefined takes it. */
  refusal: (event: StoredEvent) => string | undefined = () => undefined;
  /** Keptn contexts that cannot be read for now. */
  readonly unreadable = new Set<string>();
  private readonly log = new Map<number, StoredEvent>();
  private sequence = 0;
  private readonly watchers = new Set<() => void>();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<ControlPlaneStandIn> {
    const server = createServer();
    const standIn = new ControlPlaneStandIn(server);
    server.on('request', (request, response) => {
      void standIn.answer(request).then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(body && JSON.stringify(body));
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return standIn;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get events(): readonly StoredEvent[] {
    return [...this.log.values()];
  }

  /** Stores an event; what it does not say is that of a service in a stage, in a Keptn context of its own. */
  append({ data = {}, shkeptncontext = randomUUID(), ...given }: NewEvent): StoredEvent {
    const event = {
      ...{ id: randomUUID(), source: 'a-test', time: new Date().toISOString(), ...given },
      ...(shkeptncontext !== 'none' && { shkeptncontext }),
      data: { project: 'sockshop', stage: 'production', service: 'carts', ...data },
    };
    this.log.set(++this.sequence, event);
    for (const watcher of this.watchers) watcher();
    this.watchers.clear();
    return event;
  }

  /** What retention does to an event. */
  remove(event: StoredEvent): void {
    const [sequence = 0] = [...this.log].find(([, { id }]) => id === event.id) ?? [];
    this.log.delete(sequence);
  }

  /** The first event that matches, as soon as it is stored. */
  async stored(matches: (event: StoredEvent) => boolean): Promise<StoredEvent> {
    for (;;) {
      const found = this.events.find(matches);
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
    this.requests.push(`${request.method} ${pathname}`);
    const [root, kind = '', name = ''] = pathname.slice(1).split('/').map(decodeURIComponent);
    if (pathname.startsWith('/v1/')) return this.fileOrNothing(pathname);
    if (root === 'reader') return this.context(name);
    if (request.method === 'POST') return this.store(text);
    if (kind === 'type') return { status: 200, body: { events: this.ofType(name, searchParams) } };
    if (kind === '') return { status: 200, body: { events: this.matching(searchParams) } };
    const event = this.events.find(({ id }) => id === kind);
    return event === undefined ? NOT_FOUND : { status: 200, body: wire(event) };
  }

  private fileOrNothing(path: string): Answer {
    const [, file] = path.split('/resource/');
    if (file === undefined) return { ...OK, body: this.projects.get(path.slice('/v1/project/'.length)) ?? OK.body };
    const content = this.files.get(file);
    if (content === undefined) return NOT_FOUND;
    return { status: 200, body: { resourceContent: Buffer.from(content).toString('base64') } };
  }

  private context(keptnContext: string): Answer {
    if (this.unreadable.has(keptnContext)) return { status: 503, body: { code: 503, message: 'not now' } };
    const events = [...this.log]
      .filter(([, { shkeptncontext }]) => shkeptncontext === keptnContext)
      .map(([sequence, event]) => ({ sequence, event: wire(event) }));
    return { status: 200, body: { hasMore: false, events } };
  }

  private ofType(type: string, query: URLSearchParams): readonly Data[] {
    const clauses = (query.get('filter') ?? '').split(' AND ').map((clause) => clause.split(/:(.*)/));
    return this.events
      .filter((event) => event.type === type)
      .filter((event) =>
        clauses.every(([key = '', values = '']) => values.split(',').includes(String(fieldOf(event, key)))),
      )
      .map(wire);
  }

  private matching(query: URLSearchParams): readonly Data[] {
    const wanted = (['type', 'project', 'stage', 'service'] as const).filter((name) => query.has(name));
    const isFirst = ({ id, shkeptncontext }: StoredEvent) =>
      this.events.find((other) => other.shkeptncontext === shkeptncontext)?.id === id;
    return this.events
      .filter((event) =>
        wanted.every((name) => query.get(name) === (name === 'type' ? event.type : fieldOf(event, `data.${name}`))),
      )
      .filter((event) => !query.has('root') || isFirst(event))
      .map(wire);
  }

  private store(text: string): Answer {
    const body = JSON.parse(text) as StoredEvent | StoredEvent[];
    if (!Array.isArray(body)) return this.storeOne(body);
    return {
      status: 207,
      body: body.map((event) => {
        const { status, body: result } = this.storeOne(event);
        return { status, ...(result as object) };
      }),
    };
  }

  private storeOne(event: StoredEvent): Answer {
    const reason = this.refusal(event);
    if (reason !== undefined) return { status: 413, body: { code: 413, message: 'refused by the test', reason } };
    if (!this.events.some(({ id }) => id === event.id)) this.append(event);
    return { status: 201, body: { id: event.id } };
  }
}

const wire = (event: StoredEvent): Data => ({ specversion: '0.2', contenttype: 'application/json', ...event });

const fieldOf = (event: StoredEvent, key: string): unknown =>
  key.startsWith('data.') ? event.data[key.slice('data.'.length)] : event[key as keyof StoredEvent];
