import { type LoggerService } from '@nestjs/common';
import { type DestinationStream, type Logger, pino } from 'pino';
import { type Batching, LogDestination } from './log-destination';
import { currentRequestContext } from './request-context';

/** The descriptor of standard output. */
export const STANDARD_OUTPUT = 1;

/** One for all loggers of a file, so that lines that are dropped are counted once. */
const destinations = new Map<number, LogDestination>();

/**
 * One JSON object a line, with `service`, and with `requestId` and `shkeptncontext` while a request is
 * being handled. Headers and bodies are never logged, so no secret reaches the log.
 *
 * @param destination a stream, or the descriptor of the file that lines go to
 */
export function createLogger(
  service: string,
  level: string,
  destination: DestinationStream | number = STANDARD_OUTPUT,
): Logger {
  return pino(
    {
      level,
      base: { service },
      timestamp: timeMember,
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
    typeof destination === 'number' ? kept(destinations, destination, NOTHING_WAITS) : destination,
  );
}

let latest = { milliseconds: 0, member: '' };

/** The time of a line (RFC 3339), as pino wants it; lines of the same millisecond share it. */
function timeMember(): string {
  const milliseconds = Date.now();
  if (milliseconds !== latest.milliseconds) {
    latest = { milliseconds, member: `,"time":"${new Date(milliseconds).toISOString()}"` };
  }
  return latest.member;
}

/** Lines of requests are written some fifty at a time, and within a second. */
const BATCHING = { length: 16_384, delayMs: 1_000 };

const NOTHING_WAITS = { length: 0, delayMs: 0 };

const batches = new Map<number, LogDestination>();

/**
 * Like {@link createLogger}, for lines that are many and not urgent: they are written together, within a second, and when the
 * process ends. `kill -9` loses those that wait.
 */
export function createBatchLogger(service: string, level: string, logFile = STANDARD_OUTPUT): Logger {
  return createLogger(service, level, kept(batches, logFile, BATCHING));
}

const kept = (all: Map<number, LogDestination>, logFile: number, batching: Batching): LogDestination => {
  const destination = all.get(logFile) ?? new LogDestination(logFile, batching);
  all.set(logFile, destination);
  return destination;
};

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
