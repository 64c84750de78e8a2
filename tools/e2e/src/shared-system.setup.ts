import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { type TestProject } from 'vitest/node';
import { type LaunchedSystem, newLaunch, removeData, startSystem } from './running-system';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Answers with the launch of the system that tests share, once it is ready. */
    sharedSystemUrl: string;
  }
}

/** Starts a system when the first test asks for it, whichever process it runs in. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let system: Promise<LaunchedSystem> | undefined;
  const server = createServer((_request, response) => {
    system ??= newLaunch().then(startSystem);
    system.then(
      ({ launch }) => response.end(JSON.stringify(launch)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  project.provide('sharedSystemUrl', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return async () => {
    server.close();
    const started = await system?.catch(() => undefined);
    if (started !== undefined) {
      await started.interrupt();
      await removeData(started.launch);
    }
  };
}
