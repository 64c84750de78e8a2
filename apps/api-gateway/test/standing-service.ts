import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { Caller } from '@keptn/api-models';
import { Identities, IDENTITY_HEADER } from '@keptn/auth';
import { type RunningService, startService } from '@keptn/service-kit';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { apiGateway } from '../src/app.module';

export const TOKEN = 'the-right-token-of-this-test';

/** What the document of the services says; some of their operations are internal. */
const DOCUMENTED_PATHS = {
  '/v1/event': { post: { 'x-internal': true } },
  '/v1/project/{projectName}': { get: {}, delete: { 'x-internal': true } },
  '/v1/project/{projectName}/{kind}': { get: { 'x-internal': true } },
  '/v1/project/{projectName}/stage': { get: {}, post: { 'x-internal': true } },
};

const identities = new Identities(TOKEN);

/** What api-service says of the holder of a token that is not the shared one. */
const identityOf = (id: string): string => identities.sign(new Caller({ kind: 'token', name: id, id, grants: [] }));

const EMPTY_OBJECT: RequestListener = (_request, response) => response.end('{}');

interface CallOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A gateway, and one server that stands where all of its services would be. */
export class Trial {
  /** What was sent on to the services. */
  readonly received: IncomingMessage[] = [];
  /** The tokens that were asked about. */
  readonly asked: string[] = [];
  /** The clients whose tokens were asked about. */
  readonly askedFrom: string[] = [];
  /** Ids of named callers, by their tokens. */
  readonly named = new Map<string, string>();
  /** How the services answer. */
  answer = EMPTY_OBJECT;
  private gateway: RunningService | undefined;

  private readonly service = createServer((request, response) => {
    if (request.url === '/v1/auth') {
      const token = String(request.headers['x-token']);
      this.asked.push(token);
      this.askedFrom.push(String(request.headers['x-real-ip']));
      const id = this.named.get(token);
      if (id !== undefined) response.setHeader(IDENTITY_HEADER, identityOf(id));
      response.writeHead(token === TOKEN || id !== undefined ? 200 : 401).end();
    } else if (request.url === '/swagger-ui/swagger.json') {
      response.end(JSON.stringify({ paths: DOCUMENTED_PATHS }));
    } else {
      this.received.push(request);
      this.answer(request, response);
    }
  });

  async listen(): Promise<void> {
    await once(this.service.listen(0, '127.0.0.1'), 'listening');
  }

  close(): void {
    this.service.closeAllConnections();
    this.service.close();
  }

  /** Starts the gateway. */
  readonly start = async (settings: Readonly<Record<string, string>> = {}): Promise<void> => {
    this.gateway = await startService(apiGateway, {
      HOST: '127.0.0.1',
      PORT: '0',
      LOG_LEVEL: 'silent',
      API_SERVICE_URL: this.serviceUrl,
      CONFIGURATION_SERVICE_URL: this.serviceUrl,
      MONGODB_DATASTORE_URL: this.serviceUrl,
      ...settings,
    });
  };

  async stop(): Promise<void> {
    await this.gateway?.close();
    this.gateway = undefined;
    this.received.length = 0;
    this.asked.length = 0;
    this.askedFrom.length = 0;
    this.named.clear();
    this.answer = EMPTY_OBJECT;
  }

  get serviceUrl(): string {
    return `http://127.0.0.1:${(this.service.address() as AddressInfo).port}`;
  }

  get url(): string {
    return this.gateway?.url ?? '';
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  /** A request with the token, unless its headers have another. */
  readonly call = (path: string, { method = 'GET', headers = {}, body }: CallOptions = {}): Promise<Response> =>
    fetch(this.url + path, {
      method,
      redirect: 'manual',
      headers: { 'x-token': TOKEN, ...headers },
      ...(body !== undefined && { body }),
    });
}

/** Sends the bytes as they are and only then reads, as simple clients do, until the gateway ends the connection. */
export async function sendThenRead(port: number, bytes: string | Buffer): Promise<{ status: number; json: unknown }> {
  const socket = connect(port, '127.0.0.1');
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.write(bytes, () => {
      resolve();
    });
  });
  const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
  return { status: Number(head.split(' ')[1]), json: JSON.parse(body) };
}

/** For the tests of a file; each starts the gateway with the settings that it is about. */
export function trialPerTest(): Trial {
  const trial = new Trial();
  beforeAll(() => trial.listen());
  afterEach(() => trial.stop());
  afterAll(() => {
    trial.close();
  });
  return trial;
}
