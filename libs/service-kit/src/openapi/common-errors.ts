import { errorBody } from '@keptn/event-models';
import { type OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';

/** What any operation can answer with, whatever it does. */
const OF_EVERY_OPERATION: Readonly<Record<number, string>> = {
  401: 'The token is missing or wrong',
  500: 'A defect; the log of the service tells more under the request id',
  503: 'The service, or something that it needs, is not available at the moment',
};

/** What any operation with a body can answer with. */
const OF_EVERY_BODY: Readonly<Record<number, string>> = {
  400: 'The body is not valid JSON, or breaks a rule; the message says which',
  413: 'The body is larger than the limit',
  415: 'The body is not JSON',
};

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

const ERROR_REFERENCE = { $ref: '#/components/schemas/Error' };

const METHODS = ['get', 'post', 'put', 'delete'] as const;

/** Adds to each operation the failures that all have in common; what an operation says of a status itself stands. */
export function documentCommonErrors(document: OpenAPIObject): OpenAPIObject {
  const paths = Object.fromEntries(
    Object.entries(document.paths).map(([path, item]) => {
      const operations = METHODS.flatMap((method) => {
        const operation = item[method];
        return operation === undefined ? [] : [[method, withCommonErrors(operation)] as const];
      });
      return [path, { ...item, ...Object.fromEntries(operations) }];
    }),
  );
  const schemas = {
    ...document.components?.schemas,
    Error: document.components?.schemas?.['Error'] ?? z.toJSONSchema(errorBody, { target: 'openapi-3.0' }),
  };
  return { ...document, paths, components: { ...document.components, schemas } } as OpenAPIObject;
}

const withCommonErrors = (operation: Operation): Operation => {
  const common = operation.requestBody === undefined ? OF_EVERY_OPERATION : { ...OF_EVERY_BODY, ...OF_EVERY_OPERATION };
  const responses: Operation['responses'] = {};
  for (const [status, description] of Object.entries(common)) {
    responses[status] = { description, content: { 'application/json': { schema: ERROR_REFERENCE } } };
  }
  return { ...operation, responses: { ...responses, ...operation.responses } };
};
