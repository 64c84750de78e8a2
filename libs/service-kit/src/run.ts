import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { type Logger } from 'pino';
import { createLogger } from './logging/logger';
import { type RunningService, type ServiceDefinition, startService } from './service';
import { InvalidSettings, type commonSettings } from './settings/settings';

/**
 * The whole life of a service as a process: start, or end with one line that says why not; run; on SIGTERM, SIGINT or the
 * end of the parent that started it, finish the requests in flight and exit with 0.
 */
export async function runService<Schema extends typeof commonSettings>(
  definition: ServiceDefinition<Schema>,
): Promise<void> {
  const stop = stopSignal();
  let service: RunningService;
  try {
    service = await startService(definition, process.env);
  } catch (error) {
    explainFailedStart(createLogger(definition.name, 'info'), error);
    process.exit(1);
  }
  const reason = await stop;
  service.logger.info({ reason }, 'stopping');
  const isClosed = await closeInTime(service);
  service.logger.info(isClosed ? 'stopped' : 'stopped, although something did not end in time');
  process.exit(isClosed ? 0 : 1);
}

/** How long releasing everything may take after the last request was answered or cut off, in milliseconds. */
const RELEASE_TIMEOUT_MS = 1_000;

/** A dependency that is gone, such as a database, must not keep the process from ending. */
const closeInTime = async (service: RunningService): Promise<boolean> => {
  const { SHUTDOWN_DELAY_MS, SHUTDOWN_TIMEOUT_MS } = service.settings;
  const deadline = delay(SHUTDOWN_DELAY_MS + SHUTDOWN_TIMEOUT_MS + RELEASE_TIMEOUT_MS, false, { ref: false });
  return Promise.race([service.close().then(() => true), deadline]);
};

/** Listens from the very start, so that a signal during start-up is not lost. */
const stopSignal = (): Promise<string> =>
  new Promise((resolve) => {
    process.on('SIGTERM', resolve);
    process.on('SIGINT', resolve);
    // A launcher keeps an IPC channel open; its end means that the launcher is gone.
    process.on('disconnect', () => {
      resolve('parent process ended');
    });
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
