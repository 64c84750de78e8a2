import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import process from 'node:process';

export const USER = 'keptn-bot';

/** Git's own HTTP backend for the repositories in a folder, behind a user and a token. */
export class GitHttpServer {
  private server: Server | undefined;
  private port = 0;
  /** How many requests came with valid credentials. */
  accepted = 0;
  /** What those requests wait for. */
  delay = Promise.resolve();
  /** Former names of repositories and their present addresses, which only those learn who have the credentials. */
  readonly moves = new Map<string, string>();

  constructor(
    private readonly folder: string,
    public token: string,
  ) {}

  /** Starts, on the same port after {@link stop}. */
  async start(): Promise<void> {
    this.server = createServer((request, response) => {
      this.answer(request, response);
    });
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    const { server } = this;
    if (server !== undefined) {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    }
  }

  address(repository: string): string {
    return `http://127.0.0.1:${this.port}/${repository}`;
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const expected = `Basic ${Buffer.from(`${USER}:${this.token}`).toString('base64')}`;
    if (request.headers.authorization !== expected) {
      request.resume();
      // A server that is not careful with what it repeats.
      response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="git"' });
      response.end(`wrong: ${request.headers.authorization ?? 'nothing'}`);
      return;
    }
    const moved = [...this.moves].find(([from]) => request.url?.startsWith(`/${from}/`));
    if (moved !== undefined) {
      const [from, to] = moved;
      response.writeHead(301, { Location: to + (request.url ?? '').slice(from.length + 1) }).end();
      return;
    }
    this.accepted++;
    void this.delay.then(() => {
      this.runBackend(request, response);
    });
  }

  private runBackend(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, search } = new URL(request.url ?? '/', 'http://localhost');
    const backend = spawn('git', ['http-backend'], {
      env: {
        PATH: process.env['PATH'],
        GIT_PROJECT_ROOT: this.folder,
        GIT_HTTP_EXPORT_ALL: '1',
        PATH_INFO: pathname,
        QUERY_STRING: search.slice(1),
        REQUEST_METHOD: request.method,
        CONTENT_TYPE: request.headers['content-type'] ?? '',
        HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
        GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
        REMOTE_USER: USER,
      },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    backend.stdin.on('error', () => undefined);
    request.pipe(backend.stdin);
    let head = Buffer.alloc(0);
    backend.stdout.on('data', (chunk: Buffer) => {
      if (response.headersSent) {
        response.write(chunk);
        return;
      }
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf('\r\n\r\n');
      if (end >= 0) {
        writeHead(response, head.subarray(0, end).toString());
        response.write(head.subarray(end + 4));
      }
    });
    backend.stdout.on('end', () => response.end());
  }
}

/** CGI: headers, with the status among them. */
function writeHead(response: ServerResponse, text: string): void {
  let status = 200;
  for (const line of text.split('\r\n')) {
    const [name = '', value = ''] = line.split(/: (.*)/);
    if (name === 'Status') {
      status = Number.parseInt(value, 10);
    } else {
      response.setHeader(name, value);
    }
  }
  response.writeHead(status);
}
