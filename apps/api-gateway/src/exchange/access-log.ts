import { type Logger } from 'pino';
import { type Exchange } from './exchange';
import { type RequestMetrics } from './request-metrics';

export interface RecordParts {
  /** Writes in batches. */
  readonly accessLogger: Logger;
  readonly metrics: RequestMetrics;
}

/** The client went away before the whole answer was sent; nginx' number for it. */
const CLIENT_CLOSED_REQUEST = 499;

const LEVEL_FROM_STATUS_500 = 'warn';

/**
 * One line for each request, without query, headers and body: nothing in it is a secret, and it leads to the services' lines.
 * And its part in the metrics.
 */
export function recordExchange(exchange: Exchange, { accessLogger: logger, metrics }: RecordParts): void {
  if (!exchange.isLogged) {
    return;
  }
  const status = exchange.writableFinished ? exchange.statusCode : CLIENT_CLOSED_REQUEST;
  const milliseconds = performance.now() - exchange.startedAt;
  metrics.observe(exchange, status, milliseconds);
  const line = {
    requestId: exchange.requestId,
    traceparent: exchange.traceparent,
    client: exchange.client,
    method: exchange.incoming.method,
    path: exchange.path,
    status,
    ms: Math.round(milliseconds * 10) / 10,
  };
  logger[status >= 500 ? LEVEL_FROM_STATUS_500 : 'info'](line, 'request');
}
