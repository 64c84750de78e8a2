import { type ServerResponse } from 'node:http';
import { type ServiceError, toErrorBody } from '@keptn/service-kit';

/** Answers with `{code, message}`, unless an answer has begun: then the connection is all that can still be ended. */
export function answerError(response: ServerResponse, error: ServiceError): void {
  if (response.writableEnded || response.destroyed) {
    return;
  }
  // What the client still sends is taken and thrown away, so that it comes to read the answer.
  response.req.unpipe();
  response.req.resume();
  if (response.headersSent) {
    response.destroy();
    return;
  }
  // That of an answer which could not be passed on.
  response.statusMessage = '';
  const body = JSON.stringify(toErrorBody(error.status, error.message, error.reason));
  response.writeHead(error.status, {
    ...error.headers,
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
  });
  response.end(body);
}

export function answerRedirect(response: ServerResponse, to: string): void {
  response.writeHead(301, { Location: to });
  response.end();
}
