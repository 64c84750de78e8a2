import { type ErrorBody } from '@keptn/api-models';
import { HttpException } from '@nestjs/common';
import { toErrorBody } from './error-body';
import { ServiceError } from './service-error';

export interface DescribedError {
  readonly body: ErrorBody;
  readonly headers: Readonly<Record<string, string>>;
  /** True when the failure is a defect of ours, which belongs in the log with its stack. */
  readonly isDefect: boolean;
}

interface FastifyFailure extends Error {
  readonly code: string;
  readonly statusCode?: number;
}

const isFastifyFailure = (error: unknown): error is FastifyFailure =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('FST_');

/** Status of what is refused before a handler runs: by Fastify, or by Nest on its behalf. */
const statusOfRefusal = (error: unknown): number | undefined => {
  if (error instanceof HttpException) {
    return error.getStatus();
  }
  return isFastifyFailure(error) ? error.statusCode : undefined;
};

/** What the texts of refusals speak of. */
export interface RefusedRequest {
  /** MAX_BODY_BYTES, from which on a body may be refused. */
  readonly bodyLimit: number;
  /** `Content-Type` of the request. */
  readonly mediaType: string | undefined;
}

/** A body of which nothing is said (RFC 9110 section 8.3). */
const UNKNOWN_MEDIA_TYPE = 'application/octet-stream';

/** The frameworks' own texts speak of the framework, not to the caller. */
const describeRefusal = (status: number, error: Error, { bodyLimit, mediaType }: RefusedRequest): string => {
  switch (status) {
    case 413:
      return `the request body is larger than the limit of ${bodyLimit} bytes (MAX_BODY_BYTES)`;
    case 414:
      return 'a part of the path is too long';
    case 415:
      return `unsupported media type "${mediaType ?? UNKNOWN_MEDIA_TYPE}", only [application/json application/cloudevents+json] are allowed`;
    default:
      return error.message;
  }
};

/**
 * The one place that decides how a failure looks to the caller.
 *
 * @param error whatever was thrown
 */
export function describeError(error: unknown, request: RefusedRequest): DescribedError {
  if (error instanceof ServiceError) {
    return { body: toErrorBody(error.status, error.message, error.reason), headers: error.headers, isDefect: false };
  }
  const status = statusOfRefusal(error);
  if (status !== undefined && status < 500) {
    return {
      body: toErrorBody(status, describeRefusal(status, error as Error, request)),
      headers: {},
      isDefect: false,
    };
  }
  return {
    body: toErrorBody(500, 'internal error; the log of the service tells more under this request id'),
    headers: {},
    isDefect: true,
  };
}
