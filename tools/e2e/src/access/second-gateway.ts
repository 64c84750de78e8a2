import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { SERVICES } from '@keptn/service-catalog';
import { findFreePorts } from '@keptn/vitest-setup/free-ports';
import { programOf, type ReachableSystem } from '../running-system';
import { untilReady } from '../until-ready';

/** Another replica of the gateway in front of a system. */
export class SecondGateway {
  private constructor(
    readonly endpoint: string,
    private readonly child: ChildProcess,
  ) {}

  /** Resolves when it is ready. */
  static async of({ launch }: ReachableSystem): Promise<SecondGateway> {
    const port = await findFreePorts(1);
    const addresses = SERVICES.map(({ name, portOffset }) => [
      `${name.toUpperCase().replaceAll('-', '_')}_URL`,
      `http://localhost:${launch.firstPort + portOffset}`,
    ]);
    const urls = Object.fromEntries(addresses) as Record<string, string>;
    const child = spawn(process.execPath, [programOf('api-gateway')], {
      env: { PATH: process.env['PATH'], ...urls, ...launch.environment, PORT: String(port) },
      stdio: 'ignore',
    });
    const origin = `http://localhost:${port}`;
    await untilReady(origin);
    return new SecondGateway(`${origin}/api`, child);
  }

  async stop(): Promise<void> {
    const exited = once(this.child, 'exit');
    this.child.kill();
    await exited;
  }
}
