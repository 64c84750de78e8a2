import { errorBody } from '@keptn/api-models';
import { type OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';
import { isNegotiated } from './acceptable-answers';
import { hasPathParameters, isInternal, mapOperations, type Operation } from './operations';

interface CommonError {
  readonly status: number;
  readonly description: string;
  readonly headers?: Readonly<Record<string, { description: string; schema: object }>>;
}

type CommonErrors = Readonly<Record<string, CommonError>>;

/** What any operation can answer with, whatever it does, by the names that the document has for them. */
const OF_EVERY_OPERATION: CommonErrors = {
  Unauthenticated: { status: 401, description: 'The token is missing or wrong' },
  Forbidden: {
    status: 403,
    description: 'The token does not have the scope that `x-keptn-scope` names, or not on this project',
  },
  MethodNotAllowed: {
    status: 405,
    description: 'The path does not have the method of the request',
    headers: { Allow: { description: 'The methods that it has', schema: { type: 'string', example: 'GET, POST' } } },
  },
  TooManyRequests: {
    status: 429,
    description:
      'Too many requests with a wrong token came from this address, or too many of this caller, as `RateLimit` says; the gateway takes ' +
      'others again later',
    headers: {
      'Retry-After': { description: 'Seconds until the next try', schema: { type: 'integer' } },
      RateLimit: {
        description: 'What is left to the caller, and in how many seconds there is more; where there is a limit',
        schema: { type: 'string', example: '"caller";r=0;t=3' },
      },
    },
  },
  HeadersTooLarge: { status: 431, description: 'The headers are too many or too large; the message names the limit' },
  InternalError: {
    status: 500,
    description: 'A defect; the log of the service tells more under the `X-Request-Id` of the answer',
  },
  BadGateway: { status: 502, description: 'The service broke off before it had answered the gateway' },
  Unavailable: {
    status: 503,
    description: 'The service, or something that it needs, is not available at the moment; try again later',
  },
  GatewayTimeout: { status: 504, description: 'The service, or something that it needs, took too long' },
};

/** What any operation with names in its path can answer with. */
const OF_EVERY_PATH_PARAMETER: CommonErrors = {
  InvalidPath: {
    status: 400,
    description: 'The path is not a safe one, or a name in it breaks a rule; the message says which',
  },
  PathTooLong: { status: 414, description: 'A part of the path is too long' },
};

/** What any operation with a body can answer with. */
const OF_EVERY_BODY: CommonErrors = {
  InvalidBody: { status: 400, description: 'The body is not valid JSON, or breaks a rule; the message says which' },
  BodyTooSlow: { status: 408, description: 'The body did not arrive in time' },
  PayloadTooLarge: { status: 413, description: 'The body is larger than the limit; the message names it' },
  UnsupportedMediaType: { status: 415, description: 'The body is not JSON by its Content-Type' },
};

/** What any operation can answer with whose form the caller has a say in. */
const OF_EVERY_NEGOTIATED_ANSWER: CommonErrors = {
  NotAcceptable: { status: 406, description: 'Accept excludes every form of the answer; the message names them' },
};

/** What any internal operation can answer with. */
const OF_EVERY_INTERNAL_OPERATION: CommonErrors = {
  Internal: {
    status: 403,
    description: 'The token lacks the scope, or the gateway has internal operations closed to the outside',
  },
};

const ERROR_CONTENT = { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } };

export interface CommonErrorsOptions {
  /** Whether the service looks at `Accept`. */
  readonly negotiatesAnswers: boolean;
}

/** Adds to each operation the failures that all have in common; what an operation says of a status itself stands. */
export function documentCommonErrors(document: OpenAPIObject, options: CommonErrorsOptions): OpenAPIObject {
  const { components } = document;
  const schemas = {
    ...components?.schemas,
    Error: components?.schemas?.['Error'] ?? z.toJSONSchema(errorBody, { target: 'openapi-3.0' }),
  };
  const responses = Object.fromEntries(
    Object.entries({
      ...OF_EVERY_OPERATION,
      ...OF_EVERY_PATH_PARAMETER,
      ...OF_EVERY_BODY,
      ...(options.negotiatesAnswers && OF_EVERY_NEGOTIATED_ANSWER),
      ...OF_EVERY_INTERNAL_OPERATION,
    }).map(([name, { description, headers }]) => [
      name,
      { description, ...(headers !== undefined && { headers }), content: ERROR_CONTENT },
    ]),
  );
  return {
    ...mapOperations(document, (operation) => withCommonErrors(operation, commonErrorsOf(operation, options))),
    components: { ...components, responses, schemas },
  } as OpenAPIObject;
}

const withCommonErrors = (operation: Operation, errors: CommonErrors): Operation => {
  const responses = Object.fromEntries(
    Object.entries(errors).map(([name, { status }]) => [status, { $ref: `#/components/responses/${name}` }]),
  );
  return { ...operation, responses: { ...responses, ...operation.responses } };
};

/** Where two of them speak of the same status, the last is the one that says more. */
const commonErrorsOf = (operation: Operation, { negotiatesAnswers }: CommonErrorsOptions): CommonErrors => ({
  ...OF_EVERY_OPERATION,
  ...(hasPathParameters(operation) && OF_EVERY_PATH_PARAMETER),
  ...(operation.requestBody !== undefined && OF_EVERY_BODY),
  ...(negotiatesAnswers && isNegotiated(operation) && OF_EVERY_NEGOTIATED_ANSWER),
  ...(isInternal(operation) && OF_EVERY_INTERNAL_OPERATION),
});
