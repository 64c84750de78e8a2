import { type IncomingHttpHeaders } from 'node:http';
import { isTraceparent, newTraceparent, requestIdOf } from '@keptn/service-kit';
import { type TrustedProxies } from '../client/trusted-proxies';
import { recordExchange, type RecordParts } from './access-log';
import { type Exchange } from './exchange';

export interface ExchangeParts extends RecordParts {
  readonly trustedProxies: TrustedProxies;
  /** Sent with every answer. */
  readonly securityHeaders: readonly (readonly [name: string, value: string])[];
  readonly isShuttingDown: () => boolean;
}

/** Gives the request what the services and the log know it by, and sees to its end. */
export function beginExchange(exchange: Exchange, parts: ExchangeParts): void {
  const { incoming } = exchange;
  const { headers } = incoming;
  exchange.client = parts.trustedProxies.clientOf(incoming);
  exchange.path = pathOf(incoming.url ?? '');
  exchange.requestId = requestIdOf(incoming);
  headers['x-request-id'] = exchange.requestId;
  exchange.traceparent = continueTrace(headers);
  exchange.setHeader('X-Request-Id', exchange.requestId);
  for (const [name, value] of parts.securityHeaders) {
    exchange.setHeader(name, value);
  }
  if (parts.isShuttingDown()) {
    exchange.setHeader('Connection', 'close');
  }
  exchange.on('close', () => {
    if (!exchange.writableFinished) {
      exchange.outgoing?.destroy();
    }
    recordExchange(exchange, parts);
  });
}

/** The caller's trace, or a new one; what a caller says about a trace that is not one is not passed on. */
const continueTrace = (headers: IncomingHttpHeaders): string => {
  const given = headers['traceparent'];
  if (isTraceparent(given)) {
    return given;
  }
  const made = newTraceparent();
  headers['traceparent'] = made;
  delete headers['tracestate'];
  return made;
};

const pathOf = (url: string): string => {
  const end = url.indexOf('?');
  return end === -1 ? url : url.slice(0, end);
};
