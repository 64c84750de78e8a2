import { type Logger } from 'pino';
import { type GatewayResponse } from './gateway-response';
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
export function recordRequest(response: GatewayResponse, { accessLogger: logger, metrics }: RecordParts): void {
  if (!response.isLogged) {
    return;
  }
  const status = response.writableFinished ? response.statusCode : CLIENT_CLOSED_REQUEST;
  const milliseconds = performance.now() - response.startedAt;
  metrics.observe(response, status, milliseconds);
  const line = {
    requestId: response.requestId,
    traceparent: response.traceparent,
    client: response.client,
    method: response.req.method,
    path: response.path,
    status,
    ms: Math.round(milliseconds * 10) / 10,
  };
  logger[status >= 500 ? LEVEL_FROM_STATUS_500 : 'info'](line, 'request');
}
