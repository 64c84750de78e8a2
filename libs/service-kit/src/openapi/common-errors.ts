import { errorBody } from '@keptn/event-models';
import { type OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';
import { mapOperations, type Operation } from './operations';

interface CommonError {
  readonly status: number;
  readonly description: string;
  readonly headers?: Readonly<Record<string, { description: string; schema: object }>>;
}

type CommonErrors = Readonly<Record<string, CommonError>>;

/** What any operation can answer with, whatever it does, by the names that the document has for them. */
const OF_EVERY_OPERATION: CommonErrors = {
  Unauthenticated: { status: 401, description: 'The token is missing or wrong' },
  TooManyRequests: {
    status: 429,
    description: 'Too many requests with a wrong token came from this address; the gateway takes others again later',
    headers: { 'Retry-After': { description: 'Seconds until the next try', schema: { type: 'integer' } } },
  },
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

/** What any operation with a body can answer with. */
const OF_EVERY_BODY: CommonErrors = {
  InvalidBody: { status: 400, description: 'The body is not valid JSON, or breaks a rule; the message says which' },
  PayloadTooLarge: { status: 413, description: 'The body is larger than the limit; the message names it' },
  UnsupportedMediaType: { status: 415, description: 'The body is not JSON by its Content-Type' },
};

const ERROR_CONTENT = { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } };

/** Adds to each operation the failures that all have in common; what an operation says of a status itself stands. */
export function documentCommonErrors(document: OpenAPIObject): OpenAPIObject {
  const { components } = document;
  const schemas = {
    ...components?.schemas,
    Error: components?.schemas?.['Error'] ?? z.toJSONSchema(errorBody, { target: 'openapi-3.0' }),
  };
  const responses = Object.fromEntries(
    Object.entries({ ...OF_EVERY_OPERATION, ...OF_EVERY_BODY }).map(([name, { description, headers }]) => [
      name,
      { description, ...(headers !== undefined && { headers }), content: ERROR_CONTENT },
    ]),
  );
  return {
    ...mapOperations(document, withCommonErrors),
    components: { ...components, responses, schemas },
  } as OpenAPIObject;
}

const withCommonErrors = (operation: Operation): Operation => {
  const common = operation.requestBody === undefined ? OF_EVERY_OPERATION : { ...OF_EVERY_OPERATION, ...OF_EVERY_BODY };
  const responses = Object.fromEntries(
    Object.entries(common).map(([name, { status }]) => [status, { $ref: `#/components/responses/${name}` }]),
  );
  return { ...operation, responses: { ...responses, ...operation.responses } };
};
