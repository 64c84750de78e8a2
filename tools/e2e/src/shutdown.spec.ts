import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type NetConnectOpts, type Server, type Socket } from 'node:net';
import process from 'node:process';
import { type Readable } from 'node:stream';
import { mongo } from 'mongoose';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { programOf } from './running-system';

const EVENT_LOG = programOf('mongodb-datastore');

/** Where the MongoDB of the tests listens. */
const databaseAddress = (): NetConnectOpts => {
  const [{ socketPath = '', host = '', port = 0 } = {}] = new mongo.MongoClient(inject('mongodbUri')).options.hosts;
  return socketPath === '' ? { host, port } : { path: socketPath };
};

/** A MongoDB that can fall silent: it takes and keeps connections and answers nothing more. */
class FallibleDatabase {
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;
  private isSilent = false;

  constructor() {
    this.server = createServer((client) => {
      const database = connect(databaseAddress());
      for (const socket of [client, database]) {
        this.sockets.add(socket);
        socket.on('error', () => socket.destroy());
      }
      if (!this.isSilent) client.pipe(database).pipe(client);
    });
  }

  async open(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    const { port } = this.server.address() as AddressInfo;
    return `mongodb://127.0.0.1:${port}/shutdown-${randomUUID()}?directConnection=true`;
  }

  fallSilent(): void {
    this.isSilent = true;
    for (const socket of this.sockets) socket.unpipe().pause();
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }
}

const TOKEN = 'a-token-for-the-end-of-a-service';

describe('a service ends in bounded time', () => {
  let database: FallibleDatabase;
  let service: ChildProcess;
  let log: string;
  let databaseUri: string;

  beforeEach(async () => {
    database = new FallibleDatabase();
    log = '';
    service = fork(EVENT_LOG, {
      env: {
        PATH: process.env['PATH'],
        HOST: '127.0.0.1',
        PORT: '0',
        KEPTN_API_TOKEN: TOKEN,
        MONGODB_URI: (databaseUri = await database.open()),
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

  const output = (): Readable => service.stdout as Readable;

  const printed = async (text: string): Promise<void> => {
    while (!log.includes(text)) await once(output(), 'data');
  };

  /** Exit code and signal, once all of the log has been read. */
  const exit = async (): Promise<unknown> => {
    const [how] = await Promise.all([once(service, 'exit'), once(output(), 'end')]);
    return how;
  };

  /** Whoever reads the log has something to write down when it stops. */
  const untilTheLogIsRead = async (): Promise<void> => {
    await printed('connected to MongoDB');
    const client = await new mongo.MongoClient(databaseUri).connect();
    const positions = client.db().collection('logCursors');
    while ((await positions.countDocuments()) === 0);
    await client.close();
  };

  it('when its parent is gone before it has been loaded', async () => {
    service.disconnect();
    expect(await exit()).toEqual([0, null]);
    expect(log).toContain('parent process ended');
  });

  it('when its database answers nothing more, and says what it waited for', async () => {
    await untilTheLogIsRead();
    database.fallSilent();
    service.kill('SIGTERM');
    expect(await exit()).toEqual([1, null]);
    expect(log).toMatch(/"waitingFor":"work in the background","resources":\{.*"msg":"stopped, although not all ended/);
  });
});
