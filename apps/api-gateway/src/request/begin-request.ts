import { type IncomingHttpHeaders } from 'node:http';
import { isTraceparent, newTraceparent, requestIdOf } from '@keptn/service-kit';
import { type TrustedProxies } from '../client/trusted-proxies';
import { recordRequest, type RecordParts } from './access-log';
import { type GatewayResponse } from './gateway-response';

export interface RequestParts extends RecordParts {
  readonly trustedProxies: TrustedProxies;
  /** Sent with every answer; by their names in lower case. */
  readonly securityHeaders: readonly (readonly [name: string, value: string])[];
  readonly isShuttingDown: () => boolean;
}

/** Gives the request what the services and the log know it by, and sees to its end. */
export function beginRequest(response: GatewayResponse, parts: RequestParts): void {
  const { req: incoming } = response;
  const { headers } = incoming;
  response.client = parts.trustedProxies.clientOf(incoming);
  response.path = pathOf(incoming.url ?? '');
  response.requestId = requestIdOf(incoming);
  headers['x-request-id'] = response.requestId;
  response.traceparent = continueTrace(headers);
  response.commonHeaders = [['x-request-id', response.requestId], ...parts.securityHeaders];
  response.isShuttingDown = parts.isShuttingDown;
  if (response.socket === null) closeWithConnection(response);
  response.on('close', () => {
    if (!response.writableFinished) {
      response.exchange?.giveUp();
    }
    recordRequest(response, parts);
  });
}

/** Node tells an answer that waits behind another one of its connection nothing of the connection's end. */
const closeWithConnection = (response: GatewayResponse): void => {
  const { socket } = response.req;
  const close = (): void => {
    response.destroy();
    response.emit('close');
  };
  // As many wait as a client has sent requests ahead.
  socket.setMaxListeners(0);
  socket.once('close', close);
  response.once('socket', () => {
    socket.off('close', close);
  });
};

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
