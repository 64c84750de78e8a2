import { type LoggerService } from '@nestjs/common';
import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';
import { LogDestination } from './log-destination';
import { currentRequestContext } from './request-context';

/** The descriptor of standard output. */
const STDOUT_FD = 1;

/** The same for all loggers, so that lines that are dropped are counted once. */
const standardOutput = new LogDestination(STDOUT_FD);

/**
 * One JSON object a line on standard output, with `service`, and with `requestId` and `shkeptncontext` while a request is
 * being handled. Headers and bodies are never logged, so no secret reaches the log.
 */
export function createLogger(service: string, level: string, destination: DestinationStream = standardOutput): Logger {
  return pino(
    {
      level,
      base: { service },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      mixin() {
        const context = currentRequestContext();
        if (context === undefined) {
          return {};
        }
        return {
          requestId: context.requestId,
          ...(context.keptnContext !== undefined && { shkeptncontext: context.keptnContext }),
        };
      },
    },
    destination,
  );
}

/** Lines of requests are written a page of memory at a time, and within a second. */
const BATCHING = { length: 4_096, delayMs: 1_000 };

let batches: LogDestination | undefined;

/**
 * Like {@link createLogger}, for lines that are many and not urgent: they are written together, within a second, and when the
 * process ends. `kill -9` loses those that wait.
 */
export function createBatchLogger(service: string, level: string): Logger {
  batches ??= new LogDestination(STDOUT_FD, BATCHING);
  return createLogger(service, level, batches);
}

/** Lets Nest's own messages take the same road; its start-up chatter is of interest only when debugging. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown): void {
    this.logger.debug(String(message));
  }

  error(message: unknown, stack?: unknown): void {
    this.logger.error({ ...(typeof stack === 'string' && { stack }) }, String(message));
  }

  warn(message: unknown): void {
    this.logger.warn(String(message));
  }

  debug(message: unknown): void {
    this.logger.debug(String(message));
  }

  verbose(message: unknown): void {
    this.logger.trace(String(message));
  }

  fatal(message: unknown): void {
    this.logger.fatal(String(message));
  }
}
