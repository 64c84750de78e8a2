import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';

/**
 * What api-service asks of configuration-service and mongodb-datastore, in memory: one project with the stage dev. The real ones
 * take part in the tests of the whole system.
 */
export class ControlPlaneStandIn {
  /** What was done, in order: a request that changes something, or what a test adds. */
  readonly journal: string[] = [];
  /** Events that were stored. */
  readonly events: { readonly type: string; readonly shkeptncontext: string; readonly data: unknown }[] = [];
  services: readonly string[] = [];
  private readonly waiting = new Set<() => void>();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<ControlPlaneStandIn> {
    const server = createServer();
    const standIn = new ControlPlaneStandIn(server);
    server.on('request', (request, response) => void standIn.answer(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return standIn;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The Keptn context of the next event of this type that is stored, or was. */
  async contextOf(type: string, service?: string): Promise<string> {
    for (;;) {
      const found = this.events.find(
        (event) => event.type === type && (service === undefined || serviceOf(event.data) === service),
      );
      if (found !== undefined) return found.shkeptncontext;
      await new Promise<void>((resolve) => {
        this.waiting.add(resolve);
      });
    }
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = (await request.setEncoding('utf8').toArray()).join('');
    const path = request.url ?? '';
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(this.bodyFor(request.method ?? '', path, text)));
  }

  private bodyFor(method: string, path: string, text: string): unknown {
    if (path === '/event') return this.store(text);
    if (path.startsWith('/pending-event')) return { events: [] };
    if (method !== 'GET') this.journal.push(`${method} ${path}`);
    const services = this.services.map((serviceName) => ({ serviceName }));
    return method === 'GET' ? { projectName: 'p', stages: [{ stageName: 'dev', services }] } : { stages: ['dev'] };
  }

  private store(text: string): unknown {
    const events = JSON.parse(text) as ControlPlaneStandIn['events'];
    this.events.push(...events);
    for (const wake of this.waiting) wake();
    this.waiting.clear();
    return events.map(({ shkeptncontext }) => ({ status: 201, shkeptncontext }));
  }
}

const serviceOf = (data: unknown): unknown => (data as { service?: unknown }).service;
