import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type NetConnectOpts, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { mongo } from 'mongoose';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';

const EVENT_LOG = join(import.meta.dirname, '../../../dist/apps/mongodb-datastore/main.js');

/** Where the MongoDB of the tests listens. */
const databaseAddress = (): NetConnectOpts => {
  const [{ socketPath = '', host = '', port = 0 } = {}] = new mongo.MongoClient(inject('mongodbUri')).options.hosts;
  return socketPath === '' ? { host, port } : { path: socketPath };
};

/** A MongoDB that can fall silent: it keeps its connections and answers nothing more. */
class FallibleDatabase {
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;

  constructor() {
    this.server = createServer((client) => {
      const database = connect(databaseAddress());
      for (const socket of [client, database]) {
        this.sockets.add(socket);
        socket.on('error', () => socket.destroy());
      }
      client.pipe(database).pipe(client);
    });
  }

  async open(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    const { port } = this.server.address() as AddressInfo;
    return `mongodb://127.0.0.1:${port}/shutdown?directConnection=true`;
  }

  fallSilent(): void {
    for (const socket of this.sockets) socket.unpipe().pause();
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }
}

describe('a service ends in bounded time', () => {
  const database = new FallibleDatabase();
  let service: ChildProcess;
  let log = '';

  beforeEach(async () => {
    log = '';
    service = fork(EVENT_LOG, {
      env: {
        PATH: process.env['PATH'],
        HOST: '127.0.0.1',
        PORT: '0',
        KEPTN_API_TOKEN: 'a-token-for-the-end-of-a-service',
        MONGODB_URI: await database.open(),
        SHUTDOWN_TIMEOUT_MS: '200',
      },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    service.stdout?.on('data', (chunk: Buffer) => (log += chunk.toString()));
  });

  afterEach(() => {
    service.kill('SIGKILL');
    database.close();
  });

  const printed = async (text: string): Promise<void> => {
    while (!log.includes(text)) await once(service.stdout as NonNullable<typeof service.stdout>, 'data');
  };

  it('when its parent is gone before it has been loaded', async () => {
    service.disconnect();
    expect(await once(service, 'exit')).toEqual([0, null]);
    expect(log).toContain('parent process ended');
  });

  it('when its database answers nothing more, and says what it waited for', async () => {
    await printed('connected to MongoDB');
    database.fallSilent();
    service.kill('SIGTERM');
    expect(await once(service, 'exit')).toEqual([1, null]);
    expect(log).toMatch(/"waitingFor":"work in the background","resources":\{.*"msg":"stopped, although not all ended/);
  });
});
