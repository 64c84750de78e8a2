import { type ArbitraryRequest } from './arbitrary-request';
import { type DocumentedOperation, resolveSchema } from './document';

/** The request of an operation with the examples of its path and its body, as Swagger UI fills them in. */
export function exampleOf(operation: DocumentedOperation | undefined, token: string): ArbitraryRequest {
  if (operation === undefined) {
    throw new Error('the operation is not documented');
  }
  const { method, parameters = [], requestBody, document } = operation;
  const path = parameters
    .filter((parameter) => parameter.in === 'path')
    .reduce((text, { name, schema }) => text.replace(`{${name}}`, String(schema.example)), operation.path);
  const schema = requestBody?.content['application/json']?.schema ?? {};
  const { example } = resolveSchema(document, schema);
  return {
    method,
    path,
    headers: { 'x-token': token, 'content-type': 'application/json' },
    body: JSON.stringify(example),
  };
}
