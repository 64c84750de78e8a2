import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { type Logger } from 'pino';
import { type HostedService, serviceHost } from './hosting';
import { createLogger } from './logging/logger';
import { type RunningService, type ServiceDefinition, startService } from './service';
import { InvalidSettings, type commonSettings } from './settings/settings';

/**
 * The whole life of a service as a process: start, or end with one line that says why not; run; on SIGTERM, SIGINT or the
 * end of the parent that started it, finish the requests in flight and exit with 0. Whatever hangs, it ends in bounded time.
 * In a process that hosts several services the host decides on all of this.
 */
export async function runService<Schema extends typeof commonSettings>(
  definition: ServiceDefinition<Schema>,
): Promise<void> {
  const host = serviceHost();
  if (host !== undefined) {
    host(hosted(definition));
    return;
  }
  const stop = stopSignal();
  let started: RunningService | undefined;
  try {
    started = await Promise.race([stop.then(() => undefined), startService(definition, process.env)]);
  } catch (error) {
    explainFailedStart(createLogger(definition.name, 'info'), error);
    process.exit(1);
  }
  const reason = await stop;
  if (started === undefined) {
    // Nobody waits for an answer yet, and what a start waits for may never come.
    createLogger(definition.name, 'info').info({ reason }, 'stopped while starting');
    process.exit(0);
  }
  started.logger.info({ reason }, 'stopping');
  endAfterDeadline(started);
  await started.close();
  started.logger.info('stopped');
  process.exit(0);
}

const hosted = <Schema extends typeof commonSettings>(definition: ServiceDefinition<Schema>): HostedService => ({
  name: definition.name,
  variables: Object.keys(definition.settings.shape),
  start: async (environment, logFile) => {
    try {
      const service = await startService(definition, environment, logFile);
      return () => Promise.race([service.close().then(() => true), afterDeadline(service).then(() => false)]);
    } catch (error) {
      explainFailedStart(createLogger(definition.name, 'info', logFile), error);
      throw error;
    }
  },
});

/** How long releasing everything may take after the last request was answered or cut off, in milliseconds. */
const RELEASE_TIMEOUT_MS = 1_000;

/** Something that is gone, such as a database, must not keep the process from ending. */
const endAfterDeadline = (service: RunningService): void => {
  void afterDeadline(service).then(() => process.exit(1));
};

/** Resolves when the service should have ended long ago, and says in its log what it waits for. */
const afterDeadline = async (service: RunningService): Promise<void> => {
  const { SHUTDOWN_DELAY_MS, SHUTDOWN_TIMEOUT_MS } = service.settings;
  await delay(SHUTDOWN_DELAY_MS + SHUTDOWN_TIMEOUT_MS + RELEASE_TIMEOUT_MS, undefined, { ref: false });
  const { waitingFor } = service;
  service.logger.error({ waitingFor, resources: countedResources() }, 'stopped, although not all ended in time');
};

/** What Node holds open, by kind, e.g. `{"TCPSocketWrap":3,"Timeout":1}`. */
const countedResources = (): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
};

/** Listens from the very start, so that a signal during start-up is not lost. */
const stopSignal = (): Promise<string> =>
  new Promise((resolve) => {
    process.on('SIGTERM', resolve);
    process.on('SIGINT', resolve);
    // A launcher keeps an IPC channel open; its end means that the launcher is gone.
    const onParentGone = (): void => {
      resolve('parent process ended');
    };
    process.on('disconnect', onParentGone);
    // While this program was being loaded nobody listened. Without a channel `connected` is undefined, against its type.
    if ((process.connected as boolean | undefined) === false) onParentGone();
  });

const explainFailedStart = (logger: Logger, error: unknown): void => {
  if (error instanceof InvalidSettings) {
    logger.fatal(`cannot start: ${error.message}`);
    return;
  }
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    logger.fatal(`cannot start: ${error.message}; stop the other process or set PORT`);
    return;
  }
  logger.fatal({ err: error }, 'cannot start');
};
