import { once } from 'node:events';
import { createServer } from 'node:net';
import { StartFailure } from './start-failure';
import { type ServicePlan } from './topology';

/** @throws StartFailure naming the first port that another process has */
export async function requireFreePorts(plans: readonly ServicePlan[]): Promise<void> {
  for (const { name, port, environment } of plans) {
    const server = createServer();
    server.listen(port, environment['HOST']);
    try {
      await once(server, 'listening');
    } catch (error) {
      throw new StartFailure(explain(error, name, port, environment['HOST'] ?? ''), { cause: error });
    }
    server.close();
    await once(server, 'close');
  }
}

const explain = (error: unknown, service: string, port: number, host: string): string => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port}, which ${service} needs, is taken: end the process that has it, or choose others, e.g. KEPTN_PORT=9080`;
    case 'EACCES':
      return `port ${port}, which ${service} needs, is not allowed to this user: choose a higher one with KEPTN_PORT`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `HOST ${host} is not an address of this machine: use 127.0.0.1, or 0.0.0.0 for all`;
    default:
      return `port ${port}, which ${service} needs, cannot be used (${code})`;
  }
};
