import { type ServerResponse } from 'node:http';
import { type ServiceError, toErrorBody } from '@keptn/service-kit';

/** Answers with `{code, message}`, unless an answer has begun: then the connection is all that can still be ended. */
export function answerError(response: ServerResponse, error: ServiceError): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(error.status, { ...error.headers, 'Content-Type': 'application/json' });
  response.end(JSON.stringify(toErrorBody(error.status, error.message)));
}

export function answerRedirect(response: ServerResponse, to: string): void {
  response.writeHead(301, { Location: to });
  response.end();
}
