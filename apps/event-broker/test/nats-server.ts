import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePorts } from '@keptn/vitest-setup/free-ports';

const PROGRAM =
  ['/usr/local/bin/nats-server', '/usr/sbin/nats-server'].find((path) => existsSync(path)) ?? 'nats-server';

/** A real nats-server that a test can stop, kill and start again at the same address. */
export class NatsServer {
  private child: ChildProcess | undefined;

  private constructor(
    readonly url: string,
    private readonly args: readonly string[],
    private readonly folder: string,
  ) {}

  /** An address at which nothing listens yet. */
  static async prepare(mode: 'core' | 'jetstream'): Promise<NatsServer> {
    const folder = await mkdtemp(join(tmpdir(), 'keptn-nats-'));
    const port = String(await findFreePorts(1));
    const args = ['-a', '127.0.0.1', '-p', port, ...(mode === 'jetstream' ? ['-js', '-sd', folder] : [])];
    return new NatsServer(`nats://127.0.0.1:${port}`, args, folder);
  }

  /** Resolves when it takes connections. */
  async start(): Promise<void> {
    const child = spawn(PROGRAM, this.args, { stdio: ['ignore', 'ignore', 'pipe'] });
    this.child = child;
    // It goes on writing there, so somebody has to read.
    await new Promise<void>((resolve) => {
      child.stderr.on('data', (lines: Buffer) => {
        if (lines.includes('Server is ready')) resolve();
      });
    });
  }

  /** kill -9. */
  async kill(): Promise<void> {
    const child = this.child;
    this.child = undefined;
    if (child === undefined) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  async remove(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }
}
